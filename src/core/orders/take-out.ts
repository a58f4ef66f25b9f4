/** Takes the item at `place` out of a short list, the others keep their order. `splice` makes a list of what it takes: dear where that is one. */
export function takeOut<T>(list: T[], place: number): void {
  for (let i = place + 1; i < list.length; i++) list[i - 1] = list[i] as T;
  list.pop();
}
