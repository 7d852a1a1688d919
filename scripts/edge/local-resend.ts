import type { Secrets } from './secrets';

/**
 * Has the stand-in for Resend tell this edge of bounces and complaints. Nothing to do where Resend itself mails: who wants to hear from it
 * registers a tunnel's address there, and writes its secret as `RESEND_WEBHOOK_SECRET`.
 */
export async function openLocalResend(
	emulators: string | undefined,
	{ appOrigin, secrets, realKeys }: { appOrigin: string; secrets: Secrets; realKeys: Secrets },
): Promise<void> {
	if (emulators === undefined || 'RESEND_KEY' in realKeys) return;
	const answer = await fetch(`${emulators}/control/mail/endpoint`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ url: `${appOrigin}/webhooks/resend`, secret: secrets['RESEND_WEBHOOK_SECRET'] }),
	});
	if (!answer.ok) throw new Error(`The stand-in for Resend refused the endpoint: ${await answer.text()}`);
}
