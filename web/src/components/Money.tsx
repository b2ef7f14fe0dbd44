import { Tooltip } from './Tooltip.tsx';

interface MoneyProps {
  amount: number;
  /** ISO 4217 */
  currency?: string;
  per?: 'hour';
  pricesAt?: string;
}

/**
 * An amount, in US dollars unless another currency is named, with the date of its price list in a tooltip. Less than ten cents have up to
 * four digits: there they count.
 */
export function Money({ amount, currency = 'USD', per, pricesAt }: MoneyProps) {
  const digits = amount > 0 && amount < 0.1 ? 4 : 2;
  const number = amount.toLocaleString(undefined, { style: 'currency', currency, maximumFractionDigits: digits });
  const text = `${number}${per === undefined ? '' : `/${per}`}`;
  if (pricesAt === undefined) return <span>{text}</span>;
  return (
    <Tooltip text={`Retail prices of ${pricesAt}`}>
      <span>{text}</span>
    </Tooltip>
  );
}
