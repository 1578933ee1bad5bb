/**
 * How large an order may be, found by asking the node: it alone knows the rules. Eight sizes are asked about at once, first far apart, then between
 * the largest it would take and the smallest it would not.
 */
import type { Instrument, OrderRequest } from "@bulkhead/protocol";
import { amountText } from "@bulkhead/protocol";

/** Asks the node whether it would take so much. */
export type Ask = (request: OrderRequest) => Promise<boolean>;

const AT_ONCE = 8;
/** Good enough if the next size that was refused is less than this part larger. */
const CLOSE = 1 / 200;
/** Lots of the largest order there can be. */
const MOST = 2 ** 31;

/**
 * @param order - its amount is replaced
 * @returns lots, 0 = not even one
 */
export async function largestOf(order: OrderRequest, instrument: Instrument, ask: Ask): Promise<number> {
  const takes = (lots: number): Promise<boolean> => ask({ ...order, amount: amountText(instrument, lots) });
  const round = async (sizes: readonly number[]): Promise<number> => {
    const answers = await Promise.all(sizes.map(takes));
    const refused = answers.indexOf(false);
    return refused < 0 ? sizes.length : refused;
  };
  const far = Array.from({ length: AT_ONCE }, (_, index) => 16 ** index).filter((lots) => lots < MOST);
  const first = await round(far);
  let taken = first === 0 ? 0 : (far[first - 1] ?? 0);
  let refused = far[first] ?? MOST;
  while (taken > 0 && refused - taken > Math.max(1, taken * CLOSE)) {
    const sizes = between(taken, refused);
    const count = await round(sizes);
    const [lower, upper] = [taken, refused];
    taken = count === 0 ? lower : (sizes[count - 1] ?? lower);
    refused = sizes[count] ?? upper;
  }
  return taken;
}

/** Whole numbers between two others, as evenly apart as the ratio of the two allows. */
function between(taken: number, refused: number): readonly number[] {
  const ratio = (refused / taken) ** (1 / (AT_ONCE + 1));
  const sizes = Array.from({ length: AT_ONCE }, (_, index) => Math.round(taken * ratio ** (index + 1)));
  return [...new Set(sizes)].filter((lots) => lots > taken && lots < refused);
}
