/**
 * The independent auditor: a slow and simple model of a venue, written from docs/spec alone. It predicts what the engine
 * must answer to each command, and shares no code with it; only the types of the wire contract are common.
 *
 * Everything is answered by name (refusals, events) and by value (BigInt); whoever compares maps names to codes.
 */
import type { Command, CommandName, RefusalName } from "@bulkhead/engine";
import {
  acceptCollateral,
  listAsset,
  listMarket,
  listTier,
  setMarginBracket,
  setParameter,
} from "./commands/listing.ts";
import { breakerSet, stewardSet } from "./commands/keepers.ts";
import {
  appointMember,
  approve,
  cancelProposal,
  changeThreshold,
  executeProposal,
  propose,
  sealGovernance,
} from "./commands/governing.ts";
import {
  accrueFunding,
  clockTick,
  expireMarket,
  settleExpired,
  settleResidual,
  updateCollateralPrice,
  updateIndexPrice,
} from "./commands/markets.ts";
import { appointBackstop, fundLayer } from "./commands/layers.ts";
import { configureBreaker, configurePosture, reportRisk } from "./commands/breakers.ts";
import {
  configureFeed,
  configureRedemption,
  registerReporter,
  reportPrice,
  reportRedemption,
  setVenueDepth,
} from "./commands/prices.ts";
import { drawInsurance, lendInsurance } from "./commands/loans.ts";
import { amendOrder, cancelAll, cancelOrder, massCancel, placeOrder } from "./commands/trading.ts";
import { allocate, confirmDeposit, deallocate, openAccount } from "./commands/treasury.ts";
import {
  cancelWithdrawal,
  finaliseWithdrawal,
  releaseWithdrawals,
  requestWithdrawal,
  setExitRatio,
  setThrottlePosture,
  updateVaultPrice,
} from "./commands/withdrawals.ts";
import { bidLiquidation } from "./commands/auction.ts";
import { payCover, recordRecovery, registerCover, releaseCover } from "./commands/cover.ts";
import { requestUnstake, setFundTerms, stakeFund, sweepFees, withdrawStake } from "./commands/funds.ts";
import { Refused, refuse } from "./refusal.ts";
import { type AuditorState, stateOf } from "./state/state.ts";
import type { AuditorEvent, Capacities, World } from "./venue.ts";
import { findViolations } from "./violations.ts";
import { type CommandNamed, createWorld, takeBack } from "./world.ts";

export interface AuditorOptions {
  /** Sizes of the engine's tables; what is left out is unlimited. */
  readonly capacities?: Partial<Capacities>;
}

/** What the engine must answer. */
export interface Prediction {
  readonly outcome: "accepted" | RefusalName;
  /** An accepted command's receipt facts, or the facts of its refusal, in the order of the catalogue. */
  readonly facts: readonly bigint[];
  readonly events: readonly AuditorEvent[];
}

export class Auditor {
  readonly #world: World;

  constructor(options: AuditorOptions = {}) {
    this.#world = createWorld(options.capacities ?? {});
  }

  /** Applies a well-formed command and tells what must come of it. */
  predict(command: Command): Prediction {
    const world = this.#world;
    world.events.length = 0;
    world.met = 0;
    world.time = command.time;
    try {
      const { clock } = world.venue;
      if (command.time < clock) refuse("clock_went_back", command.time, clock);
      const facts = handle(world, command).map(BigInt);
      world.venue.clock = command.time;
      world.journal.commit();
      return { outcome: "accepted", facts, events: world.events.slice() };
    } catch (error) {
      takeBack(world, 0, 0);
      if (!(error instanceof Refused)) throw error;
      return { outcome: error.refusal, facts: error.facts, events: [] };
    }
  }

  /** Everything the venue holds, as plain data to compare with. */
  state(): AuditorState {
    return stateOf(this.#world);
  }

  /** The claims of docs/spec/transition.md that do not hold of the auditor's own state, and those that did not of a default. */
  violations(): string[] {
    const { venue, breaches } = this.#world;
    return [...findViolations(venue), ...breaches];
  }
}

type Handler<Name extends CommandName> = (
  world: World,
  command: CommandNamed<Name>,
) => readonly (number | bigint)[];

const HANDLERS: { readonly [Name in CommandName]: Handler<Name> } = {
  listAsset,
  listTier,
  listMarket,
  acceptCollateral,
  openAccount,
  confirmDeposit,
  requestWithdrawal,
  finaliseWithdrawal,
  allocate,
  deallocate,
  placeOrder,
  amendOrder,
  cancelOrder,
  cancelAll,
  massCancel,
  updateIndexPrice,
  updateCollateralPrice,
  accrueFunding,
  clockTick,
  expireMarket,
  settleExpired,
  settleResidual,
  setParameter,
  setMarginBracket,
  fundLayer,
  appointBackstop,
  updateVaultPrice,
  setThrottlePosture,
  releaseWithdrawals,
  cancelWithdrawal,
  setExitRatio,
  appointMember,
  sealGovernance,
  propose,
  approve,
  executeProposal,
  cancelProposal,
  stewardSet,
  breakerSet,
  changeThreshold,
  registerReporter,
  configureFeed,
  reportPrice,
  configureRedemption,
  reportRedemption,
  setVenueDepth,
  configureBreaker,
  configurePosture,
  reportRisk,
  stakeFund,
  requestUnstake,
  withdrawStake,
  sweepFees,
  setFundTerms,
  bidLiquidation,
  registerCover,
  payCover,
  recordRecovery,
  releaseCover,
  lendInsurance,
  drawInsurance,
};

/** Tells the command's story; the receipt facts of an accepted one. */
function handle(world: World, command: Command): readonly (number | bigint)[] {
  const handler = HANDLERS[command.kind] as Handler<CommandName>;
  return handler(world, command);
}
