import { json, refusal, type givenApi } from './fake-api';

export const ADA = { id: 'usr_ada', name: 'Ada', email: 'ada@x.test', role: 'owner', joinedAt: '2026-01-01T00:00:00Z' };
export const BEN = { id: 'usr_ben', name: 'Ben', email: 'ben@x.test', role: 'staff', joinedAt: '2026-02-01T00:00:00Z' };
export const ACCOUNT = {
	id: 'acc_1',
	name: 'Praxis Nord',
	phone: null,
	website: 'https://nord.example',
	address: null,
	logoUrl: null,
	createdAt: '2026-01-01T00:00:00Z',
};

/** The team as `you` sees it. */
export function members(you: 'ada' | 'ben') {
	return () =>
		json({
			items: [
				{ ...ADA, isYou: you === 'ada' },
				{ ...BEN, isYou: you === 'ben' },
			],
			membersMax: 50,
		});
}

/** The api wants a fresh proof. */
export const PROOF = () => refusal(403, 'reauthentication_required', 'Show again that it is you.');
/** What a loader or action is called with. */
export const args = (api: ReturnType<typeof givenApi>, request: Request, params = {}) => ({
	request,
	context: api.context,
	params,
});
