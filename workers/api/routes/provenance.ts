import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { lookUpFile } from '../../core/provenance/look-up-file';
import { importStatementKey } from '../../core/provenance/provenance-keys';
import { readCredentialFacts, signClaim } from '../../core/provenance/sign-claim';
import { stateFile } from '../../core/provenance/state-file';
import { fromBase64, keyIdOf, publicKeySet } from '../../core/receipts/receipt-key';
import { needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	CredentialFactsAnswer,
	CredentialQuery,
	FileQuestion,
	FileStatements,
	SignatureAnswer,
	SignatureOrder,
	StatementAnswer,
	StatementOrder,
} from '../contract/provenance';
import { refuseInvalid } from '../refuse-invalid';

const getFacts = createRoute({
	method: 'get',
	path: '/v1/provenance/facts',
	tags: ['Files'],
	summary: 'What a file of this order has to say about itself before it leaves',
	...needs('assets:read'),
	request: { query: CredentialQuery },
	responses: answers(200, CredentialFactsAnswer, 'The facts'),
});

const postSignature = createRoute({
	method: 'post',
	path: '/v1/provenance/signatures',
	tags: ['Files'],
	summary: 'Sign the claim of a content credential (C2PA) over a file that stays with you',
	...needs('assets:read'),
	request: takes(SignatureOrder),
	responses: answers(200, SignatureAnswer, 'The signature'),
});

const postStatement = createRoute({
	method: 'post',
	path: '/v1/provenance/statements',
	tags: ['Files'],
	summary: 'State what an exported file is; the same file again answers the same',
	...needs('assets:read'),
	request: takes(StatementOrder),
	responses: answers(200, StatementAnswer, 'The signed statement, to lie beside the file'),
});

const postLookUp = createRoute({
	method: 'post',
	path: '/v1/provenance/look-up',
	...OPEN_TO_ALL,
	tags: ['Files'],
	summary: 'What was stated here of a file, by its hash',
	request: takes(FileQuestion),
	responses: answers(200, FileStatements, 'The statements'),
});

export const provenanceRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getFacts, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readCredentialFacts(deps, { actor: caller.actor, ...c.req.valid('query') }), 200);
	})
	.openapi(postSignature, async (c) => {
		const { deps, caller } = c.var;
		const { claim, actions, ...file } = c.req.valid('json');
		const presented = { claim: fromBase64(claim), actions: fromBase64(actions) };
		const signature = await signClaim(deps, { actor: caller.actor, ...file, presented });
		return c.json({ signature: btoa(String.fromCharCode(...signature)) }, 200);
	})
	.openapi(postStatement, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await stateFile(deps, { actor: caller.actor, ...c.req.valid('json') }), 200);
	})
	.openapi(postLookUp, async (c) => {
		const { deps, whence } = c.var;
		const { fileHash } = c.req.valid('json');
		return c.json({ items: await lookUpFile(deps, { fileHash, network: whence.network }) }, 200);
	});

/** The keys that statements are checked against; outside /v1, beside the receipts' keys and never among them. */
export const statementKeysRoute = new OpenAPIHono<ApiEnv>().get(
	'/.well-known/afterglow-statement-keys.json',
	async (c) => {
		const { deps } = c.var;
		const now = await importStatementKey(deps);
		const before = await Promise.all(
			deps.statementKeysBefore.map(async (publicKey) => ({ keyId: await keyIdOf(publicKey), publicKey })),
		);
		return c.json(publicKeySet(now, ...before));
	},
);
