/**
 * Those who govern: members who propose, approve, cancel and execute, stewards and breakers, and whoever would like to pass for one. They
 * learn what an approval must name from what they were refused.
 */
import type { Command } from "@bulkhead/engine";
import type { Dice } from "./dice.ts";
import { breaker, posture } from "./guards.ts";
import { ROLES, listing } from "./listings.ts";
import {
  LISTING_FIELDS,
  type GovernanceMemo,
  type MarketMemo,
  type Memory,
  type ProposalMemo,
} from "./memory.ts";
import type { Profile } from "./profile.ts";

type Duty =
  | "propose"
  | "approve"
  | "execute"
  | "cancel"
  | "steward"
  | "breaker"
  | "appoint"
  | "seal"
  | "direct"
  | "shift";

const DUTIES: Readonly<Record<Duty, number>> = {
  propose: 60,
  approve: 480,
  execute: 220,
  cancel: 5,
  steward: 40,
  breaker: 25,
  appoint: 6,
  seal: 3,
  direct: 20,
  shift: 40,
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How long a proposal can be executed. */
const WINDOW = 3 * DAY;
const CODE = {
  listAsset: 1,
  listTier: 2,
  listMarket: 3,
  collateral: 4,
  set: 23,
  bracket: 24,
  reporter: 30,
  feed: 31,
  redemption: 33,
  backstop: 41,
  fundTerms: 46,
  breaker: 55,
  posture: 56,
  appoint: 65,
  rules: 73,
};
/** Parameters worth changing, some more than others. */
const PARAMETERS = [
  1, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 11, 12, 13, 32, 33, 57, 58, 58, 59, 60, 60, 62, 63, 64,
];
const DELEGATED = [2, 7, 10, 11, 58, 59, 1, 3];
const BREAKABLE = [1, 1, 10, 11, 11, 58, 60, 2];
const MINUTES = 300;
const SETTLED = 3;
/** A command's fields as a proposal names them: in their order, without the tier. */
function wordsOf(command: Command): number[] {
  const { kind: _kind, time: _time, tier: _tier, ...fields } = command as Extract<Command, { tier: number }>;
  return Object.values<number>(fields);
}

type ListMarket = Extract<Command, { kind: "listMarket" }>;

export class Governors {
  readonly #dice: Dice;
  readonly #profile: Profile;
  readonly #memory: Memory;

  constructor(dice: Dice, profile: Profile, memory: Memory) {
    this.#dice = dice;
    this.#profile = profile;
    this.#memory = memory;
  }

  act(anyMarket: MarketMemo): Command {
    const dice = this.#dice;
    const open = this.#memory.tiers[0]?.markets.filter(({ status }) => status < SETTLED) ?? [];
    const market = open.length > 0 && dice.happens(930) ? dice.pick(open) : anyMarket;
    const tier = dice.happens(120) ? 0 : market.tier;
    const governance = this.#memory.governance(tier);
    const time = this.#memory.clock;
    const isFresh = ({ eta }: ProposalMemo): boolean => time < eta + WINDOW || dice.happens(50);
    const pending = [...governance.proposals.values()].filter(isFresh);
    const duty = dice.choose(DUTIES);
    const due = pending.filter(({ eta }) => eta <= time);
    const wanted = due.length > 0 && dice.happens(900) ? due : pending;
    const proposal = wanted[dice.happens(800) ? 0 : dice.below(Math.max(1, wanted.length))];
    switch (duty) {
      case "propose":
        return this.#propose(tier, market);
      case "approve":
        return proposal === undefined
          ? this.#propose(tier, market)
          : this.#approve(tier, proposal, governance);
      case "execute": {
        const { proposer = this.#member(), nonce = 1 } = proposal ?? {};
        return { kind: "executeProposal", time, tier, proposal: proposer, nonce };
      }
      case "cancel": {
        const { proposer = this.#member(), nonce = 1 } = proposal ?? {};
        const member = dice.happens(700) ? dice.pick([3, 5, proposer]) : this.#member();
        return { kind: "cancelProposal", time, tier, member, proposal: proposer, nonce };
      }
      case "steward":
        return this.#steward(market);
      case "breaker":
        return this.#breaker(market);
      case "appoint":
        return { kind: "appointMember", time, tier, member: this.#member(), roles: dice.below(16) };
      case "seal":
        return { kind: "sealGovernance", time, tier, threshold: dice.between(1, 5), timelock: DAY };
      case "direct":
        return this.#direct(market);
      default:
        return this.#shift(market);
    }
  }

  #member(): number {
    return this.#dice.happens(900) ? this.#dice.between(1, 6) : this.#dice.between(1, 16);
  }

  #approve(tier: number, proposal: ProposalMemo, governance: GovernanceMemo): Command {
    const dice = this.#dice;
    const time = this.#memory.clock;
    const isConstitutional = proposal.command === CODE.appoint || proposal.command === CODE.rules;
    const basis = isConstitutional ? governance.constitution : governance.parameters;
    return {
      kind: "approve",
      time,
      tier,
      member: dice.happens(850) ? dice.between(1, 4) : this.#member(),
      proposal: proposal.proposer,
      nonce: dice.happens(970) ? proposal.nonce : dice.between(1, proposal.nonce + 1),
      content: dice.happens(980) ? proposal.content : dice.below(2 ** 52),
      parameters: basis,
      expiry: time + dice.pick([0, HOUR / 2, HOUR / 2, HOUR / 2, HOUR / 2, 2 * HOUR]),
    };
  }

  #propose(tier: number, market: MarketMemo): Command {
    const [command, ...words] = tier === 0 ? this.#ofVault() : this.#ofTier(market);
    return this.#proposal(tier, command, words);
  }

  #proposal(tier: number, command: number, words: readonly number[]): Command {
    const dice = this.#dice;
    const fields = Array.from({ length: 15 }, (_, index) => [`word${index + 1}`, words[index] ?? 0]);
    return {
      kind: "propose",
      time: this.#memory.clock,
      tier,
      member: dice.happens(900) ? dice.between(1, 4) : this.#member(),
      command,
      ...Object.fromEntries(fields),
    } as Command;
  }

  #ofVault(): [number, ...number[]] {
    const dice = this.#dice;
    const kind = dice.below(5);
    if (kind === 4) return [CODE.fundTerms, dice.pick([5, 5, 5, 2]), ...this.#fundTerms()];
    if (kind === 0) return [CODE.listAsset, dice.magnitude(1e6)];
    if (kind === 1) return [CODE.listTier, dice.below(50_000)];
    return kind === 2 ? this.#appointment() : [CODE.rules, dice.between(2, 4), dice.between(24, 48) * HOUR];
  }

  #ofTier(market: MarketMemo): [number, ...number[]] {
    const dice = this.#dice;
    const kind = dice.below(1_000);
    if (kind < 700) {
      const id = dice.pick(PARAMETERS);
      return [CODE.set, this.#subject(id, market), id, this.#near(id, market)];
    }
    if (kind < 800) return [CODE.bracket, ...this.#bracket(market)];
    if (kind < 850)
      return [CODE.collateral, dice.pick([2, 3, 4]), 300_000, 900_000, dice.happens(900) ? 0 : 5];
    if (kind < 900) return [CODE.listMarket, ...this.#listing(market.tier)];
    if (kind < 940) return this.#appointment();
    if (kind < 960) return [CODE.rules, dice.between(2, 4), dice.between(24, 48) * HOUR];
    if (kind < 990) return this.#configuration(market);
    return [dice.below(100) + 1, dice.below(10)];
  }

  /** What has no order from loose to tight. */
  #configuration(market: MarketMemo): [number, ...number[]] {
    const dice = this.#dice;
    const { tier, id } = market;
    const time = this.#memory.clock;
    switch (dice.below(7)) {
      case 0:
        return [CODE.breaker, ...wordsOf(breaker(dice, market, time))];
      case 1:
        return [CODE.posture, ...wordsOf(posture(dice, tier, time))];
      case 2:
        return [CODE.backstop, dice.between(1, 40)];
      case 3:
        return [CODE.fundTerms, dice.pick([2, 2, 5, 7]), ...this.#fundTerms()];
      case 4:
        return [CODE.reporter, dice.between(1, 16), dice.between(71, 80), dice.pick([0, 250_000, 1_000_000])];
      case 5:
        return [CODE.redemption, dice.between(1, 4), dice.below(3), dice.below(4), 600_000, 10_000];
      default:
        return [CODE.feed, ...this.#feed(id)];
    }
  }

  #feed(market: number): number[] {
    const dice = this.#dice;
    const quorum = dice.pick([0, 1, 2, 9]);
    return [0, market, 63, quorum, 400_000, 60_000, 600_000, 60_000, 20_000, 10_000, 10_000, 100_000, 0, 0];
  }

  #fundTerms(): number[] {
    const dice = this.#dice;
    return [
      dice.between(1, 48) * HOUR,
      48 * HOUR,
      dice.magnitude(1e9),
      dice.happens(500) ? 0 : dice.magnitude(1e12),
    ];
  }

  #appointment(): [number, ...number[]] {
    const dice = this.#dice;
    const member = dice.between(1, 8);
    return [CODE.appoint, member, dice.happens(700) ? (ROLES[member - 1] ?? 1) : dice.below(16)];
  }

  #bracket({ id, initialMargin, mark, notional }: MarketMemo): number[] {
    const dice = this.#dice;
    const bracket = dice.pick([1, 1, 2]);
    if (dice.happens(150)) return [id, bracket, 0, 0];
    const lower = Math.max(1, mark) * notional * bracket * dice.between(10, 30);
    return [id, bracket, lower, Math.min(1_000_000, Math.floor((initialMargin * dice.between(11, 25)) / 10))];
  }

  #listing(tier: number): number[] {
    const dice = this.#dice;
    const listed = listing(dice, this.#profile, this.#memory.clock, tier, false) as ListMarket;
    const terms = { ...listed, maxOpenInterestLots: dice.happens(950) ? 1 : 2 };
    return LISTING_FIELDS.map((field) => terms[field]);
  }

  #subject(id: number, { id: market }: MarketMemo): number {
    if (id >= 58 && id <= 60) return this.#dice.pick([2, 2, 3, 3, 4, 9]);
    return id === 32 || id === 33 || id >= 62 ? 0 : market;
  }

  /** A value near what the parameter was when it was last heard of, on either side. */
  #near(id: number, market: MarketMemo): number {
    const dice = this.#dice;
    const known = this.#memory.parameter(market.tier, this.#subject(id, market), id);
    const value = known ?? this.#listed(id, market);
    if (id === 1) return dice.below(2);
    if (id === 8 || id === 9) return value + dice.between(-120, 120);
    if (id === 58 || id === 59)
      return Math.max(0, Math.min(1_000_000, value + dice.between(-80_000, 60_000)));
    if (dice.happens(40)) return 0;
    const factor = dice.pick(
      id === 2 ? [0.75, 0.81, 0.85, 0.9, 1.1] : [0.5, 0.81, 0.95, 1, 1.2, 1.4, 1.5, 2],
    );
    return Math.floor(value * factor);
  }

  /** What the listing said, or is likely. */
  #listed(id: number, market: MarketMemo): number {
    const lotValue = Math.max(1, market.mark) * market.notional;
    const values: Readonly<Record<number, number>> = {
      2: market.initialMargin,
      3: 500_000,
      4: lotValue * 50,
      5: lotValue * 50,
      6: lotValue * 5_000,
      7: market.band,
      8: market.takerFee,
      9: market.makerFee,
      10: market.maxPositionLots,
      11: market.maxOpenInterestLots,
      12: 200_000,
      13: 5_000_000,
      32: 10_000,
      33: 24,
      57: 100_000,
      58: 500_000,
      59: 950_000,
      60: 10_000_000,
      62: 100_000,
      63: 2 ** 30,
      64: 300_000,
    };
    return values[id] ?? 1;
  }

  #steward(market: MarketMemo): Command {
    const dice = this.#dice;
    const parameter = dice.pick(DELEGATED);
    const subject = this.#subject(parameter, market);
    const value = this.#memory.parameter(market.tier, subject, parameter) ?? this.#listed(parameter, market);
    const share = dice.pick([-0.19, -0.1, -0.05, -0.009, 0, 0.009, 0.05, 0.1, 0.19, 0.3]);
    const member = dice.happens(950) ? dice.pick([2, 6]) : this.#member();
    const moved = dice.happens(100) ? this.#near(parameter, market) : value + Math.trunc(value * share);
    return {
      kind: "stewardSet",
      time: this.#memory.clock,
      tier: market.tier,
      member,
      market: subject,
      parameter,
      value: moved,
    };
  }

  #breaker(market: MarketMemo): Command {
    const dice = this.#dice;
    const parameter = dice.pick(BREAKABLE);
    const subject = this.#subject(parameter, market);
    const value = parameter === 1 ? dice.pick([1, 1, 0]) : Math.floor(this.#near(parameter, market) / 2);
    return {
      kind: "breakerSet",
      time: this.#memory.clock,
      tier: market.tier,
      member: dice.happens(950) ? dice.pick([5, 6]) : this.#member(),
      market: subject,
      parameter,
      value,
      duration: dice.pick([1, 6, 24]) * HOUR,
    };
  }

  /** Set-up commands that a sealed tier does not take any more. */
  #direct(market: MarketMemo): Command {
    const dice = this.#dice;
    const time = this.#memory.clock;
    const { tier, id } = market;
    switch (dice.below(4)) {
      case 0:
        return { kind: "changeThreshold", time, tier, threshold: 1, timelock: DAY };
      case 1:
        return { kind: "listAsset", time, scale: 1 };
      case 2: {
        const parameter = dice.pick([57, 58, 59, 60]);
        const subject = this.#subject(parameter, market);
        return {
          kind: "setParameter",
          time,
          tier,
          market: subject,
          parameter,
          value: this.#near(parameter, market),
        };
      }
      default:
        return { kind: "setMarginBracket", time, tier, market: id, bracket: 1, lower: 1, rate: 999_999 };
    }
  }

  /** Lets hours pass: timelocks run, holds lapse. */
  #shift({ tier }: MarketMemo): Command {
    const time = this.#memory.clock + this.#dice.below(MINUTES) * 60_000;
    return { kind: "clockTick", time, tier };
  }
}
