/** JSON for scripts: money and other whole numbers of any size stand in it as texts. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, bigintText, indent);
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
