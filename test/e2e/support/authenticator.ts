import type { Visitor } from './visitor';

/** A device that makes and uses passkeys without asking anybody, for this browser. Answers how many it holds. */
export async function givenAuthenticator({ context, page }: Visitor): Promise<{ passkeys(): Promise<number> }> {
	const devtools = await context.newCDPSession(page);
	await devtools.send('WebAuthn.enable');
	const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
		options: {
			protocol: 'ctap2',
			transport: 'internal',
			hasResidentKey: true,
			hasUserVerification: true,
			isUserVerified: true,
			automaticPresenceSimulation: true,
		},
	});
	return {
		async passkeys() {
			const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
			return credentials.length;
		},
	};
}
