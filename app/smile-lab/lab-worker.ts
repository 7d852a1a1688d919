/**
 * The worker in which pictures are computed, so that the page stays at its sixty frames a second. It keeps the models and
 * nothing of any picture: what it was given is forgotten with the answer.
 */
import { checkPhoto } from '../../smile/check-photo';
import { type FaceModels, findFaces } from '../../smile/face-mesh/find-faces';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { type LabAnswer, LabError, type LabPicture, type LabRequest, type LabTask, type LabTasks } from './lab';
import { loadModels } from './load-models';
import { alignPair, findTeeth, proveDifference, putMouthBack, recolourTeeth } from './smile-work';

type LabWork = {
	readonly [Task in LabTask]: (
		order: LabTasks[Task]['order'],
	) => Promise<LabTasks[Task]['result']> | LabTasks[Task]['result'];
};

const WORK: LabWork = {
	async warm() {
		await faceModels();
		return null;
	},
	async find({ picture }) {
		return findFaces(await faceModels(), readPixels(picture));
	},
	async check({ picture }) {
		const { picture: pixels, faces } = await withFaces(picture);
		return checkPhoto(pixels, faces);
	},
	async cutTeeth({ picture }) {
		const { picture: pixels, faces } = await withFaces(picture);
		return findTeeth(pixels, faces);
	},
	recolour: recolourTeeth,
	prove({ picture, ...order }) {
		return proveDifference(readPixels(picture), order);
	},
	async putBack({ photo, generated, ...order }) {
		return putMouthBack(await withFaces(photo), await withFaces(generated), order);
	},
	async alignPair({ before, after }) {
		return alignPair(await withFaces(before), await withFaces(after));
	},
};

let models: Promise<FaceModels> | undefined;

/** Loaded once. A failure is not kept: the connection may be back at the next task. */
async function faceModels(): Promise<FaceModels> {
	models ??= loadModels();
	try {
		return await models;
	} catch (cause) {
		models = undefined;
		throw new LabError('models', { cause });
	}
}

async function withFaces(picture: LabPicture): Promise<{ picture: Picture; faces: readonly Face[] }> {
	const pixels = readPixels(picture);
	return { picture: pixels, faces: findFaces(await faceModels(), pixels) };
}

function readPixels(picture: LabPicture): Picture {
	if (!(picture instanceof ImageBitmap)) return picture;
	const { width, height } = picture;
	const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
	if (pen === null) throw new Error('There is no canvas to read the picture from.');
	pen.drawImage(picture, 0, 0);
	picture.close();
	return pen.getImageData(0, 0, width, height);
}

async function answerTo<Task extends LabTask>({ id, task, order }: LabRequest<Task>): Promise<LabAnswer> {
	const work: LabWork[Task] = WORK[task];
	try {
		return { id, ok: true, result: await work(order) };
	} catch (error) {
		if (error instanceof LabError) return { id, ok: false, failure: error.failure };
		// A mistake of ours. Errors name what broke and hold no part of a picture.
		console.error(error);
		return { id, ok: false, failure: 'failed' };
	}
}

self.addEventListener('message', (event: MessageEvent<LabRequest>) => {
	void answerTo(event.data).then((answer) => self.postMessage(answer, {}));
});
