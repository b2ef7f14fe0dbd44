import { Tooltip } from './Tooltip.tsx';

interface MoneyProps {
  amount: number;
  /** ISO 4217 */
  currency?: string;
  per?: 'hour';
  pricesAt?: string;
}

/** An amount, in US dollars unless another currency is named, with the date of its price list in a tooltip. */
export function Money({ amount, currency = 'USD', per, pricesAt }: MoneyProps) {
  const text = `${amount.toLocaleString(undefined, { style: 'currency', currency })}${per === undefined ? '' : `/${per}`}`;
  if (pricesAt === undefined) return <span>{text}</span>;
  return (
    <Tooltip text={`Retail prices of ${pricesAt}`}>
      <span>{text}</span>
    </Tooltip>
  );
}
