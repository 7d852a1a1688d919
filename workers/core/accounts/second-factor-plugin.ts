import { twoFactor } from 'better-auth/plugins/two-factor';

/** What a whole sign-in ends with: the second factor itself, or a passkey, which is two factors at once. */
const IS_WHOLE = /^\/(?:two-factor|passkey)\//;

/** Whether a session that this path opens needs nothing more; null when it was not opened by a request. */
export function isWholeSignIn(path: string | null): boolean {
	return path !== null && IS_WHOLE.test(path);
}

/**
 * better-auth's second factor: TOTP and recovery codes, five tries a challenge, a pause of 15 minutes after ten failures in a row.
 * By itself it guards three paths and lets every other way in pass; here it stops whichever opens a session for
 * somebody who has it on, so that a way that is added later is guarded too.
 */
export function secondFactorPlugin(issuer: string) {
	const plugin = twoFactor({ issuer, backupCodeOptions: { storeBackupCodes: 'encrypted' } });
	const [stop, ...others] = plugin.hooks.after;
	if (stop === undefined || others.length > 0) throw new Error('better-auth guards sign-in in another way now.');
	return { ...plugin, hooks: { after: [{ ...stop, matcher: mayNeedMore }] } };
}

function mayNeedMore({ path }: { path?: string | undefined }): boolean {
	return path !== undefined && !isWholeSignIn(path);
}
