/** Who trades: a tenth market makers, three tenths momentum traders, the rest with leverage. */
import { Dice } from "../workload/dice.ts";
import type { Exchange } from "./exchange.ts";
import { type Coin, LeveragedTrader } from "./leveragedTrader.ts";
import { MarketMaker } from "./marketMaker.ts";
import { MomentumTrader } from "./momentumTrader.ts";
import type { Participant } from "./participant.ts";

/** Markets that a market maker or momentum trader follows. */
const FOLLOWED = 2;

export interface Crowd {
  readonly makers: number;
  readonly momentum: number;
  readonly leveraged: number;
}

/** How a number of participants divides; there are makers enough that every market has one. */
export function divide(participants: number, markets: number): Crowd {
  const makers = Math.min(
    participants,
    Math.max(Math.ceil(markets / FOLLOWED), Math.round(participants / 10)),
  );
  const momentum = Math.min(participants - makers, Math.round((participants * 3) / 10));
  return { makers, momentum, leveraged: participants - makers - momentum };
}

/**
 * Lets the participants in: opens their accounts and funds them.
 * @returns for each market, from market 1 at index 0, those who follow it
 */
export function admit(
  exchange: Exchange,
  tier: number,
  markets: number,
  crowd: Crowd,
  seed: number,
  coin: Coin,
): readonly (readonly Participant[])[] {
  const followers: Participant[][] = Array.from({ length: markets }, () => []);
  let stream = 0;
  const luck = (): Dice => new Dice(seed, ++stream);
  const follow = (participant: Participant, first: number): void => {
    for (let next = 0; next < Math.min(FOLLOWED, markets); next++) {
      followers[(first + next) % markets]?.push(participant);
    }
  };

  for (let maker = 0; maker < crowd.makers; maker++) {
    follow(new MarketMaker(exchange, tier, luck()), maker * FOLLOWED);
  }
  for (let trader = 0; trader < crowd.momentum; trader++) {
    follow(new MomentumTrader(exchange, tier, luck()), trader);
  }
  for (let trader = 0; trader < crowd.leveraged; trader++) {
    const home = trader % markets;
    followers[home]?.push(new LeveragedTrader(exchange, tier, home + 1, luck(), coin));
  }
  return followers;
}
