import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { AppError } from '../../core/errors';
import { completeUpload } from '../../core/uploads/complete-upload';
import { createLogoUpload } from '../../core/uploads/create-logo-upload';
import { createPaperUpload } from '../../core/uploads/create-paper-upload';
import { createUpload } from '../../core/uploads/create-upload';
import { deleteUpload } from '../../core/uploads/delete-upload';
import { readUpload } from '../../core/uploads/read-upload';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { DeletionAnswer, UploadAnswer, UploadOrder } from '../contract';
import { refuseInvalid } from '../refuse-invalid';

const UploadId = z.object({ id: z.string() });

const postUpload = createRoute({
	method: 'post',
	path: '/v1/uploads',
	tags: ['Uploads'],
	summary: 'An address that takes one photo, for ten minutes; none without a consent that holds',
	...needs('uploads:write'),
	request: takes(UploadOrder),
	responses: answers(201, UploadAnswer, 'Where to put the photo'),
});

const postComplete = createRoute({
	method: 'post',
	path: '/v1/uploads/{id}/complete',
	tags: ['Uploads'],
	summary: 'Say that the photo has been sent',
	...needs('uploads:write'),
	request: { params: UploadId },
	responses: answers(200, UploadAnswer, 'The photo is there'),
});

const getUpload = createRoute({
	method: 'get',
	path: '/v1/uploads/{id}',
	tags: ['Uploads'],
	summary: 'An upload, with a view of it for minutes while it is here',
	...needs('uploads:read'),
	request: { params: UploadId },
	responses: answers(200, UploadAnswer, 'The upload'),
});

const removeUpload = createRoute({
	method: 'delete',
	path: '/v1/uploads/{id}',
	tags: ['Uploads'],
	summary: 'Delete the photo now instead of when its time ends',
	...needs('uploads:write'),
	request: { params: UploadId },
	responses: answers(202, DeletionAnswer, 'No new view of it is given from now; the receipt follows once it is gone'),
});

export const uploadRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postUpload, async (c) => {
		const { deps, caller, whence } = c.var;
		const { kind, contentType, byteLength, subjectId, consentId } = c.req.valid('json');
		if (kind === 'logo') {
			if (!caller.may.has('account:write')) {
				throw new AppError('not_allowed', 'Only who may change the profile may send a logo. Ask the owner.');
			}
			const logo = { actor: caller.actor, network: whence.network, contentType, byteLength };
			return c.json(await createLogoUpload(deps, logo), 201);
		}
		if (kind === 'paper') {
			if (!caller.may.has('consents:write')) {
				throw new AppError('not_allowed', 'Only who may record consents may send their paper. Ask the owner.');
			}
			if (consentId === undefined) {
				throw new AppError('invalid_input', 'Say which consent the paper is of. Begin one, then send it.', {
					details: { fields: ['consentId'] },
				});
			}
			const paper = { actor: caller.actor, network: whence.network, contentType, byteLength, consentId };
			return c.json(await createPaperUpload(deps, paper), 201);
		}
		const order = { actor: caller.actor, network: whence.network, contentType, byteLength, subjectId, consentId };
		return c.json(await createUpload(deps, order), 201);
	})
	.openapi(postComplete, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await completeUpload(deps, { actor: caller.actor, uploadId: c.req.valid('param').id }), 200);
	})
	.openapi(getUpload, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readUpload(deps, { actor: caller.actor, uploadId: c.req.valid('param').id }), 200);
	})
	.openapi(removeUpload, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await deleteUpload(deps, { actor: caller.actor, uploadId: c.req.valid('param').id }), 202);
	});
