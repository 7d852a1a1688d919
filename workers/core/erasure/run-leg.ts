import type { Leg } from './legs';
import type { EraseDeps, LegOutcome, LegRun } from './leg-run';
import type { ErasureRow } from './legs';
import { eraseExports, eraseOutputs, erasePhotos, eraseStrays } from './erase-objects';
import { erasePayments } from './erase-payments';
import { eraseAccess, eraseKeys, eraseRecords } from './erase-records';
import { endWork, forgetWork } from './erase-work';

/** Resend cannot be asked: what it delivered it removes by its own schedule, which the receipt says. */
const awaitMailService: LegRun = ({ studio }) =>
	Promise.resolve(studio.policy.processors.some(({ id }) => id === 'resend') ? 'scheduled' : 'nothing_held');

const RUNS: Readonly<Record<Leg, LegRun>> = {
	access: eraseAccess,
	work: endWork,
	processors: forgetWork,
	photos: erasePhotos,
	outputs: eraseOutputs,
	strays: eraseStrays,
	payments: erasePayments,
	exports: eraseExports,
	keys: eraseKeys,
	records: eraseRecords,
	mail_service: awaitMailService,
};

export function runLeg(deps: EraseDeps, leg: Leg, erasure: ErasureRow): Promise<LegOutcome> {
	return RUNS[leg](deps, erasure);
}
