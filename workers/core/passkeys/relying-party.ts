import type { Deps } from '../deps';

/** Whom a passkey is made for: the app's host, and its origin to the letter. */
export function relyingParty({ appOrigin, studio }: Pick<Deps, 'appOrigin' | 'studio'>) {
	return { id: new URL(appOrigin).hostname, origin: appOrigin, name: studio.name };
}

/** How long somebody may take with their authenticator. */
export const CEREMONY_MINUTES = 5;

/** The handle by which an authenticator knows a person: our id, which says nothing about them. */
export function userHandle(userId: string): Uint8Array<ArrayBuffer> {
	return new Uint8Array(new TextEncoder().encode(userId));
}
