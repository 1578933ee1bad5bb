/** The auditor's state as plain data, in ascending order of ids, to be compared with what the engine's queries answer. */
import {
  type AssetState,
  type ThrottleState,
  type WithdrawalState,
  assetState,
  throttleState,
  withdrawalStates,
} from "./vault.ts";
import { type GovernanceState, governanceState } from "./governance.ts";
import {
  type FundState,
  type LendingState,
  type LoanState,
  backstopState,
  fundState,
  lendingState,
  loanStates,
} from "./funds.ts";
import { type TierState, tierState } from "./tier.ts";
import { type CoverTwo, coverTwo } from "../coverTwo.ts";
import type { World } from "../venue.ts";

export interface AuditorState {
  /** The vault's and every tier's. */
  readonly governance: readonly GovernanceState[];
  readonly clock: number;
  readonly accounts: number;
  readonly assets: readonly AssetState[];
  readonly withdrawals: readonly WithdrawalState[];
  readonly throttle: ThrottleState;
  readonly tiers: readonly TierState[];
  /** Of all tiers together, markets without a move of their own jumping by a fifth. */
  readonly coverTwo: CoverTwo;
  /** The mutual fund, then the insurance fund and the backstop of every tier. */
  readonly funds: readonly FundState[];
  /** Loans that are not settled, by lender and borrower, and how each tier stands. */
  readonly loans: readonly LoanState[];
  readonly lending: readonly LendingState[];
}

/** Copies the state out. */
export function stateOf(world: World): AuditorState {
  const { venue } = world;
  return {
    clock: venue.clock,
    governance: [0, ...venue.tiers.map(({ id }) => id)].map((tier) => governanceState(world, tier)),
    accounts: venue.accounts,
    assets: venue.assets.map(assetState),
    withdrawals: withdrawalStates(venue),
    throttle: throttleState(world),
    tiers: venue.tiers.map((tier) => tierState(world, tier)),
    coverTwo: coverTwo(world, 200_000n),
    funds: [
      fundState(world, 5, { book: venue.mutualFund, tier: undefined }),
      ...venue.tiers.flatMap((tier) => [
        fundState(world, 2, { book: tier.fund, tier }),
        backstopState(world, tier),
      ]),
    ],
    loans: loanStates(venue),
    lending: venue.tiers.map((tier) => lendingState(world, tier)),
  };
}
