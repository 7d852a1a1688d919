import { createShare, type ShareOrder } from '../../../workers/core/shares/create-share';
import { openShare } from '../../../workers/core/shares/open-share';
import { deliver, finishStage, givenRender, renderWorld, rowsOf, type RenderWorld } from '../../support/render-world';

export type ShareWorld = RenderWorld & { authSecrets: { authSecret: string; passwordPepper: string } };

/** What seals passcodes in tests. */
export const AUTH_SECRETS = {
	authSecret: 'an auth secret of the tests, 32 characters or more',
	passwordPepper: 'a pepper of the tests, 32 characters or more',
};

/** A patient's smile, ready: photo, after picture and video. */
export async function givenSmile() {
	const deps: ShareWorld = { ...(await renderWorld()), authSecrets: AUTH_SECRETS };
	const given = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const [after, video] = (await rowsOf(deps, given.renderId)).assets;
	if (after === undefined || video === undefined) throw new Error('the smile was not made');
	return { deps, ...given, after, video };
}

/** A link to its video, and its token. */
export async function givenShare(
	{ deps, actor, video }: Pick<Awaited<ReturnType<typeof givenSmile>>, 'deps' | 'actor' | 'video'>,
	changed: Partial<ShareOrder> = {},
): Promise<{ id: string; token: string }> {
	const order = { actor, assetId: video.id, expiresInHours: 24, showsSmile: false };
	const { id, url } = await createShare(deps, { ...order, ...changed });
	return { id, token: url.split('/s/')[1] ?? '' };
}

/** As a stranger without a passcode opens it, unless told. */
export function opening(
	deps: ShareWorld,
	token: string,
	changed: { passcode?: string; network?: string; viewerId?: string } = {},
) {
	return openShare(deps, { token, passcode: null, network: null, viewerId: null, ...changed });
}
