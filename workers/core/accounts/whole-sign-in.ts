/** What a whole sign-in ends with: the second factor itself, or a passkey, which is two factors at once. */
const IS_WHOLE = /^\/(?:two-factor|passkey)\//;

/** Whether a session that this path of better-auth opens needs nothing more; `null`: it was not opened by a request. */
export function isWholeSignIn(path: string | null): boolean {
	return path !== null && IS_WHOLE.test(path);
}
