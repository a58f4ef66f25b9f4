/** Numbers as a person has typed them. */
import { type Decimal, DecimalError, decimal } from '../../core/numbers/decimal.ts';

/** Exactly; undefined where the word is no plain decimal, or has more digits than can be counted with. */
export function readDecimal(word: string | number): Decimal | undefined {
  try {
    return decimal(word);
  } catch (error) {
    if (error instanceof DecimalError) return undefined;
    throw error;
  }
}
