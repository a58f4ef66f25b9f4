/**
 * The state of a series as plain numbers, exact to the last bit, and back.
 *
 * A part is a class whose public fields are its state: numbers, flags, rings (Float64Array) and further parts, in order of declaration.
 * What comes from the parameters is #private: it is given again when the part is built anew, and does not take part.
 */

/** Appends the state of a part. @throws {TypeError} on a field of another kind: a bug of the part. */
export function saveState(part: object, into: number[]): void {
  for (const [name, field] of Object.entries(part) as [string, unknown][]) {
    if (typeof field === 'number') into.push(field);
    else if (typeof field === 'boolean') into.push(field ? 1 : 0);
    else if (field instanceof Float64Array) for (const value of field) into.push(value);
    else if (typeof field === 'object' && field !== null) saveState(field, into);
    else
      throw new TypeError(
        `the field "${name}" of ${part.constructor.name} is ${typeof field}: state is made of numbers, flags and rings`,
      );
  }
}

/** Fills a part of the same shape from what `saveState` made, starting at `at`; gives the place after it. @throws {RangeError} if it is too short. */
export function loadState(part: object, from: ArrayLike<number>, at: number): number {
  let next = at;
  const take = (): number => {
    const value = from[next++];
    if (value === undefined)
      throw new RangeError(`the saved state ends at number ${from.length}: it was saved with other parameters`);
    return value;
  };
  for (const [name, field] of Object.entries(part) as [string, unknown][]) {
    if (typeof field === 'number') Reflect.set(part, name, take());
    else if (typeof field === 'boolean') Reflect.set(part, name, take() === 1);
    else if (field instanceof Float64Array) for (let i = 0; i < field.length; i++) field[i] = take();
    else if (typeof field === 'object' && field !== null) next = loadState(field, from, next);
  }
  return next;
}
