import { Tooltip } from './Tooltip.tsx';

interface MoneyProps {
  amount: number;
  /** ISO 4217 */
  currency?: string;
  per?: 'hour';
  pricesAt?: string;
}

/** Made once for each currency and number of digits: that takes the browser longer than a hundred uses. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${currency} ${maximumFractionDigits}`;
  const format =
    formats.get(key) ?? new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits });
  formats.set(key, format);
  return format;
}

/**
 * An amount, in US dollars unless another currency is named, with the date of its price list in a tooltip. Less than ten cents have up to
 * four digits: there they count.
 */
export function Money({ amount, currency = 'USD', per, pricesAt }: MoneyProps) {
  const digits = amount > 0 && amount < 0.1 ? 4 : 2;
  const text = `${formatOf(currency, digits).format(amount)}${per === undefined ? '' : '/h'}`;
  if (pricesAt === undefined) return <span>{text}</span>;
  return (
    <Tooltip text={`Retail prices of ${pricesAt}`}>
      <span>{text}</span>
    </Tooltip>
  );
}
