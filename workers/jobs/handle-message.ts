import { handleEvent } from '../core/billing/handle-event';
import { giveUpDays } from '../core/billing/give-up-days';
import { reconcileDay } from '../core/billing/reconcile-day';
import { sendConversion } from '../core/conversions/send-conversion';
import { confirmRevocation } from '../core/consents/confirm-revocation';
import { advanceErasure } from '../core/erasure/advance-erasure';
import { buildExport } from '../core/exports/build-export';
import { handleMailEvent } from '../core/mail/handle-mail-event';
import { sendMail } from '../core/mail/send-mail';
import { advanceRender } from '../core/renders/advance-render';
import { advanceNotified } from '../core/renders/advance-notified';
import { forgetRender } from '../core/renders/forget-render';
import { eraseAsset } from '../core/retention/erase-asset';
import { eraseSources } from '../core/retention/erase-sources';
import type { JobDeps } from '../core/deps';
import type { WorkMessage } from '../core/messages';

/** What each message asks for. What throws goes to the caller, who gives the message back or lets it go. */
export async function handleMessage(deps: JobDeps, message: WorkMessage): Promise<void> {
	switch (message.type) {
		case 'render.advance':
			return advanceRender(deps, { renderId: message.renderId });
		case 'attempt.notified':
			return advanceNotified(deps, { attemptId: message.attemptId });
		case 'render.forget':
			await forgetRender(deps, { renderId: message.renderId });
			return;
		case 'asset.delete':
			await eraseAsset(deps, { assetId: message.assetId });
			return;
		case 'upload.delete':
			await eraseSources(deps, { uploadIds: [message.uploadId] });
			return;
		case 'erasure.advance':
			await advanceErasure(deps, { erasureId: message.erasureId });
			return;
		case 'consent.revoked':
			await confirmRevocation(deps, { consentId: message.consentId });
			return;
		case 'mail.send':
			return sendMail(deps, { mailId: message.mailId });
		case 'mail.event':
			return handleMailEvent(deps, { eventId: message.eventId });
		case 'conversion.send':
			return sendConversion(deps, { conversionId: message.conversionId });
		case 'stripe.event':
			return handleEvent(deps, { eventId: message.eventId });
		case 'export.build':
			return buildExport(deps, { exportId: message.exportId });
		case 'reconcile.day':
			return reconcileDay(deps, message);
		case 'reconcile.close':
			return giveUpDays(deps, { run: message.run });
	}
}
