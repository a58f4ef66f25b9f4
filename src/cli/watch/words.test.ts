/** Prices on a screen: as many places as tell one tick from the next, whatever a coin is worth. */
import { expect, it } from 'vitest';
import { PLAIN } from '../../report/drawing/palette.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { en } from '../texts/en.ts';
import { price } from './words.ts';

it.each([
  ['1008605.75', '1,008,605.7'],
  ['146.9299', '146.92'],
  ['1.863', '1.8630'],
  ['0.15', '0.15000'],
  ['0.0123456789', '0.012345'],
  ['0.0000070686', '0.0000070686'],
  ['0.00000002', '0.000000020000'],
  ['0', '0.00000'],
])('a price of %s reads %s', (value, expected) => {
  expect(price(value, { texts: en, report: REPORT_TEXTS.en, palette: PLAIN })).toBe(expected);
});
