/**
 * A hostile market, one step at a time. Profile, seed and episode determine every step, given what the engine answers: like its
 * users, the workload looks at receipts and events to choose what comes next.
 */
import type { Command } from "@bulkhead/engine";
import type { Step } from "../step.ts";
import { Dice } from "./dice.ts";
import { opening } from "./listings.ts";
import { Insurers } from "./insurers.ts";
import { Keepers } from "./keepers.ts";
import { type Answer, Memory } from "./memory.ts";
import { Lenders } from "./lenders.ts";
import { held, malform, spoil } from "./nonsense.ts";
import { Operators } from "./operators.ts";
import type { Profile, Temperament } from "./profile.ts";
import { Reporters } from "./reporters.ts";
import { Stakers } from "./stakers.ts";
import { Traders } from "./traders.ts";
import { Treasury } from "./treasury.ts";

const FIRST_TIME = 1_700_000_000_000;
/** Malformed frames, parts per thousand. */
const MALFORMED = 6;
/** Commands, parts per thousand, that are about the way out where there is a run on it. */
const RUNNERS = 450;
/** What the owners of funds send, parts per thousand. */
const STAKES = 25;
/** What providers of cover send; and while somebody is short, those who bring money back too. */
const COVER = 12;
const RECOVERIES = 50;
/** What is about loans between funds, and while somebody is at it. */
const LOANS = 8;
const LENDING = 400;
/** What keepers send while somebody is in liquidation. */
const BIDS = 120;

export class Workload {
  readonly #profile: Profile;
  readonly #dice: Dice;
  readonly #memory = new Memory();
  readonly #opening: Generator<Command>;
  readonly #traders: Traders;
  readonly #operators: Operators;
  readonly #treasury: Treasury;
  readonly #stakers: Stakers;
  readonly #keepers: Keepers;
  readonly #insurers: Insurers;
  readonly #lenders: Lenders;
  #isOpen = false;

  constructor(profile: Profile, seed: number, episode: number) {
    this.#profile = profile;
    this.#dice = new Dice(seed, episode);
    this.#memory.clock = FIRST_TIME;
    const reporters = new Reporters(this.#dice, profile, this.#memory);
    this.#opening = opening(this.#dice, profile, this.#memory, reporters);
    this.#traders = new Traders(this.#dice, profile, this.#memory);
    this.#treasury = new Treasury(this.#dice, profile, this.#memory);
    this.#operators = new Operators(this.#dice, profile, this.#memory, reporters);
    this.#stakers = new Stakers(this.#dice, this.#memory);
    this.#keepers = new Keepers(this.#dice, this.#memory);
    this.#insurers = new Insurers(this.#dice, this.#memory);
    this.#lenders = new Lenders(this.#dice, this.#memory);
  }

  next(): Step {
    if (!this.#isOpen) {
      const { done, value } = this.#opening.next();
      if (done !== true) return { command: held(value) };
      this.#isOpen = true;
    }
    const dice = this.#dice;
    const sane = this.#sane();
    if (dice.happens(MALFORMED)) return { malformed: malform(dice, sane) };
    return { command: dice.happens(this.#profile.nonsense) ? spoil(dice, this.#memory, sane) : sane };
  }

  /** Tells what the engine answered to the last step. */
  learn(step: Step, answer: Answer): void {
    if (!("command" in step)) return;
    this.#memory.learn(step, answer, this.#temperament(step.command));
    if (answer.outcome !== "accepted") return;
    this.#stakers.learn(step.command, answer.facts);
    this.#keepers.learn(step.command, answer);
    this.#insurers.learn(step.command, answer);
  }

  #sane(): Command {
    const dice = this.#dice;
    const time = this.#memory.clock + dice.below(this.#profile.pace * 2 + 1);
    if (this.#keepers.isBusy && dice.happens(BIDS)) return { ...this.#keepers.act(), time };
    if (dice.happens(STAKES)) {
      const staked = this.#stakers.act();
      return { ...staked, time: Math.max(time, staked.time) };
    }
    if (dice.happens(this.#insurers.isBusy ? RECOVERIES : COVER))
      return { ...held(this.#insurers.act()), time };
    if (dice.happens(this.#lenders.isBusy ? LENDING : LOANS)) {
      const command = held(this.#lenders.act());
      return { ...command, time: Math.max(time, command.time) };
    }
    return { ...this.#choice(), time };
  }

  #choice(): Command {
    const { isThrottled, operators } = this.#profile;
    if (isThrottled && this.#dice.happens(RUNNERS)) return this.#treasury.act();
    return this.#dice.happens(operators) ? held(this.#operators.act()) : this.#traders.act();
  }

  /** Who comes through the door with a new account. */
  #temperament({ kind }: Command): Temperament {
    return kind === "openAccount" ? this.#dice.choose(this.#profile.temperaments) : "dust";
  }
}
