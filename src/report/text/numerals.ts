/** Numbers as people read them, the same on every machine: no locale takes part. */

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** What stands for a number that is not there. */
export const ABSENT = '–';

/**
 * `value` with `digits` significant digits, as 0.001234, 12.34, 123,457 or 1.234×10⁻⁷; – for null and NaN.
 *
 * @example
 * numeral(-0.00001234, 3); // '−1.23×10⁻⁵'
 */
export function numeral(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return ABSENT;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const sign = value < 0 ? '−' : '';
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e') as [string, string];
  const power = Number(exponent);
  if (power < -3 || power > 6) return `${sign}${mantissa}×${powerOfTen(power)}`;
  if (power >= digits) return sign + grouped(Math.round(Math.abs(value)));
  return sign + Math.abs(value).toPrecision(digits);
}

/** {@link numeral} with + before a positive number. */
export function signedNumeral(value: number | null | undefined, digits = 3): string {
  return typeof value === 'number' && value > 0 ? `+${numeral(value, digits)}` : numeral(value, digits);
}

/** An integer with its digits in groups of three. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return numeral(value);
  return (value < 0 ? '−' : '') + grouped(Math.abs(Math.round(value)));
}

/** A decimal integer of any length: its digits in groups of three, or as ≈ 1.3×10¹⁴¹ if there are many. */
export function countOfDigits(decimal: string): string {
  if (!/^\d+$/.test(decimal)) return decimal;
  if (decimal.length <= 15) return decimal.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `≈ ${decimal[0]}.${decimal.slice(1, 3)}×${powerOfTen(decimal.length - 1)}`;
}

/** A probability as 100 %, 42.4 %, 4.24 %, 0.42 % or <0.01 %. */
export function percent(probability: number | null | undefined): string {
  if (probability === null || probability === undefined || !Number.isFinite(probability)) return ABSENT;
  if (Math.abs(probability) > 10) return numeral(probability);
  const hundredths = probability * 100;
  if (hundredths === 0 || hundredths === 100) return `${hundredths} %`;
  if (hundredths < 0.01) return '<0.01 %';
  return `${hundredths.toFixed(hundredths < 9.995 ? 2 : 1)} %`;
}

/** 10⁻⁵ for −5. */
export function powerOfTen(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPT[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

function grouped(value: number): string {
  if (value >= 1e15) return numeral(value);
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
