import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { createLink } from '../../core/consent-links/create-link';
import { endLink } from '../../core/consent-links/end-link';
import { listLinks } from '../../core/consent-links/list-links';
import { narrowByLink } from '../../core/consent-links/narrow-by-link';
import { openLink, type Signed, type ToSign } from '../../core/consent-links/open-link';
import { revokeByLink } from '../../core/consent-links/revoke-by-link';
import { sendCopy } from '../../core/consent-links/send-copy';
import { signByLink } from '../../core/consent-links/sign-by-link';
import { needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	ConsentCopy,
	ConsentCopyOrder,
	ConsentLinkList,
	ConsentLinkOpening,
	ConsentSigning,
	CreatedConsentLink,
	EndedConsentLink,
	NarrowByLink,
	NarrowedByLink,
	OpenedConsentLink,
	RevokedByLink,
	SignedByLink,
} from '../contract/consent-links';
import { toIssuedReceipt } from '../issued-receipt';
import { refuseInvalid } from '../refuse-invalid';

const Id = z.object({ id: z.string() });
const BY_LINK = { tags: ['Patient link'], ...OPEN_TO_ALL };

const postLink = createRoute({
	method: 'post',
	path: '/v1/consents/{id}/links',
	tags: ['Patient link'],
	summary: 'The patient’s own link to a consent: to sign it, later to see, narrow and revoke it; answered this once',
	...needs('consents:write'),
	request: { params: Id },
	responses: answers(201, CreatedConsentLink, 'The link'),
});

const getLinks = createRoute({
	method: 'get',
	path: '/v1/consents/{id}/links',
	tags: ['Patient link'],
	summary: 'A consent’s links, newest first, without what they are',
	...needs('consents:read'),
	request: { params: Id },
	responses: answers(200, ConsentLinkList, 'The links'),
});

const postEnd = createRoute({
	method: 'post',
	path: '/v1/consent-links/{id}/end',
	tags: ['Patient link'],
	summary: 'End a patient’s link at once; the consent stays',
	...needs('consents:write'),
	request: { params: Id },
	responses: answers(200, EndedConsentLink, 'Ended'),
});

const postOpening = createRoute({
	method: 'post',
	path: '/v1/consent-links/open',
	summary: 'What a patient’s link shows, for whoever holds it',
	...BY_LINK,
	request: takes(ConsentLinkOpening),
	responses: answers(200, OpenedConsentLink, 'What to sign, or what was signed and what exists'),
});

const postSignature = createRoute({
	method: 'post',
	path: '/v1/consent-links/sign',
	summary: 'Sign the words that were shown; the same again answers the same',
	...BY_LINK,
	request: takes(ConsentSigning),
	responses: answers(200, SignedByLink, 'Signed'),
});

const postNarrowing = createRoute({
	method: 'post',
	path: '/v1/consent-links/narrow',
	summary: 'Take uses away from a signed consent; nothing can be added',
	...BY_LINK,
	request: takes(NarrowByLink),
	responses: answers(200, NarrowedByLink, 'What is still allowed'),
});

const postRevocation = createRoute({
	method: 'post',
	path: '/v1/consent-links/revoke',
	summary: 'End a signed consent at once; what rested on it is deleted',
	...BY_LINK,
	request: takes(ConsentLinkOpening),
	responses: answers(202, RevokedByLink, 'Revoked'),
});

const postCopy = createRoute({
	method: 'post',
	path: '/v1/consent-links/copy',
	summary: 'Mail a copy of the signed words; three a day',
	...BY_LINK,
	request: takes(ConsentCopyOrder),
	responses: answers(202, ConsentCopy, 'It is on its way'),
});

export const consentLinkRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postLink, async (c) => {
		const { deps, caller, whence } = c.var;
		const consentId = c.req.valid('param').id;
		return c.json(await createLink(deps, { actor: caller.actor, whence, consentId }), 201);
	})
	.openapi(getLinks, async (c) => {
		const { deps, caller } = c.var;
		const consentId = c.req.valid('param').id;
		return c.json({ items: await listLinks(deps, { actor: caller.actor, consentId }) }, 200);
	})
	.openapi(postEnd, async (c) => {
		const { deps, caller, whence } = c.var;
		return c.json(await endLink(deps, { actor: caller.actor, whence, linkId: c.req.valid('param').id }), 200);
	})
	.openapi(postOpening, async (c) => {
		const { deps, whence } = c.var;
		const { token } = c.req.valid('json');
		return c.json(toAnswer(await openLink(deps, { token, network: whence.network })), 200);
	})
	.openapi(postSignature, async (c) => {
		const { deps, whence } = c.var;
		const { token, expiresAt, signature, representativeAuthority = null, ...rest } = c.req.valid('json');
		const signing = {
			...rest,
			representativeAuthority,
			expiresAtMs: Date.parse(expiresAt),
			signature: signature === null ? null : JSON.stringify(signature),
		};
		return c.json(await signByLink(deps, { holder: { token, network: whence.network }, signing }), 200);
	})
	.openapi(postNarrowing, async (c) => {
		const { deps, whence } = c.var;
		const { token, channels } = c.req.valid('json');
		return c.json(await narrowByLink(deps, { holder: { token, network: whence.network }, channels }), 200);
	})
	.openapi(postRevocation, async (c) => {
		const { deps, whence } = c.var;
		const { token } = c.req.valid('json');
		return c.json(await revokeByLink(deps, { holder: { token, network: whence.network } }), 202);
	})
	.openapi(postCopy, async (c) => {
		const { deps, whence } = c.var;
		const { token, email } = c.req.valid('json');
		await sendCopy(deps, { holder: { token, network: whence.network }, email });
		return c.json({ isSent: true as const }, 202);
	});

function toAnswer(opened: ToSign | Signed) {
	if (opened.state === 'to_sign') return opened;
	const text = opened.text?.map(({ heading, paragraphs }) => ({ heading, paragraphs: [...paragraphs] })) ?? null;
	const { deletion } = opened;
	if (deletion === null) return { ...opened, text, deletion };
	const receipt = deletion.receipt === null ? null : toIssuedReceipt(deletion.receipt);
	return { ...opened, text, deletion: { ...deletion, receipt } };
}
