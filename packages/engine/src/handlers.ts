/** Which file tells which command's story. */
import { acceptCollateral } from "./commands/acceptCollateral.ts";
import { accrueFunding } from "./commands/accrueFunding.ts";
import { appointBackstop } from "./commands/appointBackstop.ts";
import { allocate } from "./commands/allocate.ts";
import { amendOrder } from "./commands/amendOrder.ts";
import { cancelAll } from "./commands/cancelAll.ts";
import { cancelOrder } from "./commands/cancelOrder.ts";
import { clockTick } from "./commands/clockTick.ts";
import { configureBreaker } from "./commands/configureBreaker.ts";
import { configurePosture } from "./commands/configurePosture.ts";
import { confirmDeposit } from "./commands/confirmDeposit.ts";
import { deallocate } from "./commands/deallocate.ts";
import { expireMarket } from "./commands/expireMarket.ts";
import { finaliseWithdrawal } from "./commands/finaliseWithdrawal.ts";
import { fundLayer } from "./commands/fundLayer.ts";
import { listAsset } from "./commands/listAsset.ts";
import { listMarket } from "./commands/listMarket.ts";
import { listTier } from "./commands/listTier.ts";
import { massCancel } from "./commands/massCancel.ts";
import { openAccount } from "./commands/openAccount.ts";
import { placeOrder } from "./commands/placeOrder.ts";
import { reportRisk } from "./commands/reportRisk.ts";
import { requestWithdrawal } from "./commands/requestWithdrawal.ts";
import { setMarginBracket } from "./commands/setMarginBracket.ts";
import { setParameter } from "./commands/setParameter.ts";
import { settleExpired } from "./commands/settleExpired.ts";
import { settleResidual } from "./commands/settleResidual.ts";
import { updateCollateralPrice } from "./commands/updateCollateralPrice.ts";
import { updateIndexPrice } from "./commands/updateIndexPrice.ts";
import { type CommandName, LAYOUTS } from "./domain/commands.ts";
import type { Handler, Handlers } from "./transition.ts";

const STORIES: Readonly<Record<CommandName, Handler>> = {
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
  configureBreaker,
  configurePosture,
  reportRisk,
};

/** The handlers of the honest engine, by command code. */
export const HANDLERS: Handlers = handlersByCode();

function handlersByCode(): Handlers {
  const handlers: (Handler | undefined)[] = [undefined];
  for (const { code, name } of LAYOUTS) handlers[code] = STORIES[name];
  return handlers;
}
