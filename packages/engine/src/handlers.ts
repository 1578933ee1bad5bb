/** Which file tells which command's story. */
import { acceptCollateral } from "./commands/acceptCollateral.ts";
import { accrueFunding } from "./commands/accrueFunding.ts";
import { allocate } from "./commands/allocate.ts";
import { amendOrder } from "./commands/amendOrder.ts";
import { appointBackstop } from "./commands/appointBackstop.ts";
import { appointMember } from "./commands/appointMember.ts";
import { approve } from "./commands/approve.ts";
import { bidLiquidation } from "./commands/bidLiquidation.ts";
import { breakerSet } from "./commands/breakerSet.ts";
import { cancelAll } from "./commands/cancelAll.ts";
import { cancelOrder } from "./commands/cancelOrder.ts";
import { cancelProposal } from "./commands/cancelProposal.ts";
import { cancelWithdrawal } from "./commands/cancelWithdrawal.ts";
import { changeThreshold } from "./commands/changeThreshold.ts";
import { clockTick } from "./commands/clockTick.ts";
import { configureBreaker } from "./commands/configureBreaker.ts";
import { configureFeed } from "./commands/configureFeed.ts";
import { configurePosture } from "./commands/configurePosture.ts";
import { configureRedemption } from "./commands/configureRedemption.ts";
import { confirmDeposit } from "./commands/confirmDeposit.ts";
import { deallocate } from "./commands/deallocate.ts";
import { executeProposal } from "./commands/executeProposal.ts";
import { expireMarket } from "./commands/expireMarket.ts";
import { finaliseWithdrawal } from "./commands/finaliseWithdrawal.ts";
import { fundLayer } from "./commands/fundLayer.ts";
import { listAsset } from "./commands/listAsset.ts";
import { listMarket } from "./commands/listMarket.ts";
import { listTier } from "./commands/listTier.ts";
import { drawInsurance } from "./commands/drawInsurance.ts";
import { lendInsurance } from "./commands/lendInsurance.ts";
import { massCancel } from "./commands/massCancel.ts";
import { openAccount } from "./commands/openAccount.ts";
import { placeOrder } from "./commands/placeOrder.ts";
import { propose } from "./commands/propose.ts";
import { registerReporter } from "./commands/registerReporter.ts";
import { releaseWithdrawals } from "./commands/releaseWithdrawals.ts";
import { reportPrice } from "./commands/reportPrice.ts";
import { reportRedemption } from "./commands/reportRedemption.ts";
import { reportRisk } from "./commands/reportRisk.ts";
import { requestUnstake } from "./commands/requestUnstake.ts";
import { requestWithdrawal } from "./commands/requestWithdrawal.ts";
import { sealGovernance } from "./commands/sealGovernance.ts";
import { setExitRatio } from "./commands/setExitRatio.ts";
import { setFundTerms } from "./commands/setFundTerms.ts";
import { setMarginBracket } from "./commands/setMarginBracket.ts";
import { setParameter } from "./commands/setParameter.ts";
import { setThrottlePosture } from "./commands/setThrottlePosture.ts";
import { settleExpired } from "./commands/settleExpired.ts";
import { settleResidual } from "./commands/settleResidual.ts";
import { setVenueDepth } from "./commands/setVenueDepth.ts";
import { stakeFund } from "./commands/stakeFund.ts";
import { stewardSet } from "./commands/stewardSet.ts";
import { sweepFees } from "./commands/sweepFees.ts";
import { updateCollateralPrice } from "./commands/updateCollateralPrice.ts";
import { updateIndexPrice } from "./commands/updateIndexPrice.ts";
import { updateVaultPrice } from "./commands/updateVaultPrice.ts";
import { payCover } from "./commands/payCover.ts";
import { recordRecovery } from "./commands/recordRecovery.ts";
import { registerCover } from "./commands/registerCover.ts";
import { releaseCover } from "./commands/releaseCover.ts";
import { withdrawStake } from "./commands/withdrawStake.ts";
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

/** The handlers of the honest engine, by command code. */
export const HANDLERS: Handlers = handlersByCode();

function handlersByCode(): Handlers {
  const handlers: (Handler | undefined)[] = [undefined];
  for (const { code, name } of LAYOUTS) handlers[code] = STORIES[name];
  return handlers;
}
