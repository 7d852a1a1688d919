import {
	startAuthentication,
	startRegistration,
	WebAuthnError,
	type PublicKeyCredentialCreationOptionsJSON,
	type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/** How an attempt with a passkey ended. `left`: the person closed the window, which needs no words. */
export type Outcome =
	| { readonly kind: 'done' | 'left' }
	| { readonly kind: 'refused'; readonly sentence: string; readonly code?: string };

const SILENT = 'The service does not answer. Nothing was changed. Try again in a minute.';

/** Signs in with a passkey of this device. `isQuiet`: the browser offers it among the addresses and asks nobody. */
export async function signInWithPasskey({ isQuiet }: { isQuiet: boolean }): Promise<Outcome> {
	return attempt(async () => {
		const response = await askForPasskey(isQuiet);
		return post('/api/auth/passkey/verify-authentication', { response });
	});
}

/** Shows with a passkey that whoever is signed in here is still the same. */
export function proveByPasskey(): Promise<Outcome> {
	return attempt(async () => post('/v1/me/proof', { passkey: await askForPasskey(false) }));
}

async function askForPasskey(isQuiet: boolean) {
	const optionsJSON = await get<PublicKeyCredentialRequestOptionsJSON>(
		'/api/auth/passkey/generate-authenticate-options',
	);
	return startAuthentication({ optionsJSON, useBrowserAutofill: isQuiet });
}

/** Makes a passkey on this device and gives its public half to the api. */
export async function addPasskey(name: string): Promise<Outcome> {
	return attempt(async () => {
		const optionsJSON = await get<PublicKeyCredentialCreationOptionsJSON>(
			'/api/auth/passkey/generate-register-options',
		);
		const response = await startRegistration({ optionsJSON });
		return post('/api/auth/passkey/verify-registration', { response, name });
	});
}

/** The api's refusal of a step, thrown so that a ceremony ends where it is. */
class Refused extends Error {
	readonly code: string;

	constructor({ code, message }: { code: string; message: string }) {
		super(message);
		this.code = code;
	}
}

async function attempt(ceremony: () => Promise<void>): Promise<Outcome> {
	try {
		await ceremony();
		return { kind: 'done' };
	} catch (error) {
		if (error instanceof Refused) return { kind: 'refused', sentence: error.message, code: error.code };
		return outcomeOf(error);
	}
}

function outcomeOf(error: unknown): Outcome {
	const name = error instanceof Error ? error.name : '';
	if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') {
		return { kind: 'refused', sentence: 'This device has a passkey here already. Use that one.' };
	}
	// Browsers say the same for a closed window and for no passkey on this device, so that no page can find out.
	if (name === 'NotAllowedError' || name === 'AbortError') return { kind: 'left' };
	return {
		kind: 'refused',
		sentence: error instanceof TypeError ? SILENT : 'This browser could not use a passkey here. Choose another way.',
	};
}

async function get<Options>(path: string): Promise<Options> {
	return jsonOf<Options>(await fetch(path));
}

async function post(path: string, body: object): Promise<void> {
	await jsonOf(
		await fetch(path, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		}),
	);
}

async function jsonOf<Body>(answer: Response): Promise<Body> {
	const body: unknown = await answer.json().catch(() => null);
	if (!answer.ok) throw new Refused(refusalIn(body));
	return body as Body; // What @simplewebauthn/server made on our own api.
}

/** Read by hand: what reads it for pages is larger than all that this page brings. */
function refusalIn(body: unknown): { code: string; message: string } {
	const error = partOf(body, 'error');
	const [code, message] = [partOf(error, 'code'), partOf(error, 'message')];
	return typeof code === 'string' && typeof message === 'string' ? { code, message } : { code: '', message: SILENT };
}

function partOf(whole: unknown, name: string): unknown {
	return typeof whole === 'object' && whole !== null ? new Map(Object.entries(whole)).get(name) : undefined;
}
