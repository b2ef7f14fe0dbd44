/** What an environment costs by the hour while all its resources exist. */
export interface HourlyCost {
  /** sum of the known prices: usage comes on top, and resources without a price */
  amount: number;
  currency: string;
  priceListDate: string;
}
