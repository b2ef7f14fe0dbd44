import { Tooltip } from './Tooltip.tsx';

/** An amount in US dollars, with the date of its price list in a tooltip. */
export function Money({ amount, per, pricesAt }: { amount: number; per?: 'hour'; pricesAt?: string }) {
  const text = `${amount.toLocaleString(undefined, { style: 'currency', currency: 'USD' })}${per === undefined ? '' : `/${per}`}`;
  if (pricesAt === undefined) return <span>{text}</span>;
  return (
    <Tooltip text={`Retail prices of ${pricesAt}`}>
      <span>{text}</span>
    </Tooltip>
  );
}
