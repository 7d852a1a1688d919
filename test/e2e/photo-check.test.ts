import { readFileSync } from 'node:fs';

import type { Page, Request } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createFaceMesh } from '../../emulators/face-mesh/face-mesh';
import { fromRoot } from '../../scripts/root';
import type { Face } from '../../smile/landmarks';
import { wordsOn } from '../smile/drawn-words';
import { decode } from '../smile/sample-faces';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { reachPhotoStep } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

const MARA = fromRoot('public/samples/mara.jpg');
const CLOSED = fromRoot('test/fixtures/patients/closed.png');
const SIZE = { width: 768, height: 960 };

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

async function atPhotoStep(reference: string): Promise<Visitor> {
	const { visitor } = await it.visitAsOwner();
	await reachPhotoStep(visitor, reference);
	return visitor;
}

async function choose(visitor: Visitor, buffer: Buffer): Promise<void> {
	const file = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
	await visitor.page.locator('input[type=file]').first().setInputFiles(file);
}

/** Runs in the page: what a paste of a copied picture looks like to it. */
async function pasteSample(): Promise<void> {
	const picture = await (await fetch('/samples/mara.jpg')).blob();
	const clipboardData = new DataTransfer();
	clipboardData.items.add(new File([picture], 'image.png', { type: picture.type }));
	document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}

/** Runs before the page: keeps the bytes of a file that it sends, which Chromium shows nobody. */
function keepWhatIsSent(): void {
	window.XMLHttpRequest = class extends XMLHttpRequest {
		override send(body?: Document | XMLHttpRequestBodyInit | null): void {
			if (body instanceof Blob) void this.keep(body);
			super.send(body);
		}
		async keep(file: Blob): Promise<void> {
			(window as unknown as { sent: number[] }).sent = Array.from(new Uint8Array(await file.arrayBuffer()));
		}
	};
}

/** Everything the browser keeps for this site, as text. */
async function storedBy(page: Page): Promise<string> {
	const inPage = await page.evaluate(async () => {
		const databases = await indexedDB.databases();
		return JSON.stringify([
			Object.entries(localStorage),
			Object.entries(sessionStorage),
			databases,
			await caches.keys(),
			history.state,
		]);
	});
	return `${inPage} ${JSON.stringify(await page.context().storageState())}`;
}

/**
 * Whether two numbers that stand side by side in a text are a landmark, in pixels or in parts of the picture. Half a pixel
 * around each of 468 points is a two-thousandth of the picture, so chance is no landmark twice.
 */
function landmarksIn(text: string, face: Face): number {
	const numbers = [...text.matchAll(/\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(([number]) => Number(number));
	const isPoint = (x: number, y: number) =>
		face.some((point) => Math.abs(point.x - x) < 0.5 && Math.abs(point.y - y) < 0.5);
	return numbers.filter((x, index) => {
		const y = numbers[index + 1];
		if (y === undefined) return false;
		return isPoint(x, y) || (x > 0 && x < 1 && y > 0 && y < 1 && isPoint(x * SIZE.width, y * SIZE.height));
	}).length;
}

function isSignedPut(request: Request): boolean {
	return request.method() === 'PUT' && new URL(request.url()).origin === it.edge.mediaOrigin;
}

test('landmarks written in any usual way would be found', async () => {
	const [face] = await (await createFaceMesh()).find(await decode(sharp(MARA)));
	const parts = face!.map(({ x, y }) => [(x / SIZE.width).toFixed(4), (y / SIZE.height).toFixed(4)]);
	expect(landmarksIn(JSON.stringify(face!.map(({ x, y }) => [x, y])), face!)).toBeGreaterThan(400);
	expect(landmarksIn(face!.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`).join(' '), face!)).toBeGreaterThan(
		300,
	);
	expect(landmarksIn(JSON.stringify(parts), face!)).toBeGreaterThan(400);
});

test('a photo is refused, warned of, praised and sent, and no landmark leaves the page or is kept', async () => {
	const [face] = await (await createFaceMesh()).find(await decode(sharp(MARA)));
	const { visitor } = await it.visitAsOwner();
	const said: string[] = [];
	visitor.page.on('console', (message) => said.push(message.text()));
	await visitor.page.addInitScript(keepWhatIsSent);
	const sockets: string[] = [];
	visitor.page.on('websocket', (socket) => sockets.push(socket.url()));
	await reachPhotoStep(visitor, 'P-7');
	const send = visitor.page.locator('.act button');

	await choose(visitor, readFileSync(CLOSED));
	await visitor.sees('No smile can be made from this photo', /The mouth is closed in this photo/);
	await visitor.sees('Choose another photo first.', 'It stays on this device. Nothing was sent or charged.');
	expect(await send.getAttribute('aria-disabled')).toBe('true');
	await inspect(visitor.page, '90-photo-refused-here');

	const label = wordsOn(SIZE, { text: 'MARTHA 1984', x: 20, y: 900, height: 28, ink: '#111', paper: '#fff' });
	await choose(
		visitor,
		await sharp(MARA)
			.composite([{ input: label }])
			.jpeg()
			.toBuffer(),
	);
	await visitor.sees('This photo works, and a better one would show more', /at the bottom.* looks like writing/);
	await visitor.button('Use it anyway').waitFor();
	await inspect(visitor.page, '91-photo-warned-of');
	expect(visitor.requests.filter(isSignedPut)).toEqual([]);

	await visitor.page.evaluate(pasteSample);
	await visitor.sees('This photo will do well', 'Nothing has been sent yet.');
	await inspect(visitor.page, '92-photo-good');
	await visitor.button('Send photo').click();
	await visitor.arrive(/^\/smiles\/new\/shade\?/);

	const [put, ...more] = visitor.requests.filter(isSignedPut);
	expect(more).toEqual([]);
	const rest = visitor.requests.filter((request) => request !== put);
	const strangers = rest.filter((request) => new URL(request.url()).origin !== it.edge.appOrigin);
	// The shade step may show the photo that was sent.
	const isShown = (request: Request) => request.method() === 'GET' && request.url().startsWith(it.edge.mediaOrigin);
	expect(strangers.filter((request) => !isShown(request)).map((request) => request.url())).toEqual([]);
	const told = rest.map(
		(request) => `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
	);
	expect(told.map((text) => landmarksIn(text, face!)).filter((count) => count > 0)).toEqual([]);
	expect(landmarksIn(await storedBy(visitor.page), face!)).toBe(0);
	expect(landmarksIn(said.join('\n'), face!)).toBe(0);
	expect(sockets).toEqual([]);
	// What was sent is the picture drawn anew: nothing stands in it beside its pixels.
	const sent = Uint8Array.from(await visitor.page.evaluate(() => (window as unknown as { sent: number[] }).sent));
	const { format, exif, xmp, iptc, comments } = await sharp(sent).metadata();
	expect({ format, exif, xmp, iptc, comments }).toEqual({ format: 'jpeg' });
});

test('models and worker come from this origin under names of their own, and are kept for a year', async () => {
	const visitor = await atPhotoStep('P-8');
	const before = visitor.requests.length;
	await visitor.button('Use the drawn sample patient').click();
	await visitor.sees('This photo will do well');
	const loaded = visitor.requests
		.slice(before)
		.filter((request) => /\.(bin|wasm|json)$|lab-worker/.test(request.url()));
	expect(loaded.filter((request) => request.url().endsWith('.bin'))).toHaveLength(2);
	for (const request of loaded) {
		const headers = (await request.response())!.headers();
		expect(new URL(request.url()).pathname).toMatch(/^\/assets\/[\w.-]+-[\w-]{8}\.\w+$/);
		expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
	}
	const worker = loaded.find((request) => request.url().includes('lab-worker'));
	expect((await worker!.response())!.headers()['content-security-policy']).toBe(
		"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
	);
});

test('without the models a photo can be sent, and the page says that nobody looked at it', async () => {
	const visitor = await atPhotoStep('P-9');
	await visitor.page.route(/\.bin$/, (route) => route.fulfill({ status: 404 }));
	await choose(visitor, readFileSync(CLOSED));
	await visitor.sees('This photo was not checked', 'Nothing has been sent yet.');
	await visitor.button('Send photo').click();
	await visitor.arrive(/^\/smiles\/new\/shade\?/);
	expect(visitor.requests.filter(isSignedPut)).toHaveLength(1);
});

/**
 * Runs before the page: a camera that shows the drawn patient once `window.camera` is `here`. It opens without a frame while that is
 * `dark`, and then shows nothing but the patient, from its first frame on.
 */
function giveCamera(): void {
	const shown = window as unknown as { camera: string; stream?: MediaStream };
	shown.camera = 'NotAllowedError';
	navigator.mediaDevices.getUserMedia = async () => {
		if (shown.camera !== 'here' && shown.camera !== 'dark') throw new DOMException('no', shown.camera);
		const picture = new Image();
		picture.src = '/samples/mara.jpg';
		await picture.decode();
		const canvas = document.createElement('canvas');
		canvas.width = picture.width;
		canvas.height = picture.height;
		const pen = canvas.getContext('2d');
		const draw = () => {
			if (shown.camera === 'here') pen?.drawImage(picture, 0, 0);
		};
		draw();
		shown.stream = canvas.captureStream(20);
		setInterval(draw, 50);
		return shown.stream;
	};
}

async function setCamera(page: Page, camera: string): Promise<void> {
	await page.evaluate((state) => {
		(window as unknown as { camera: string }).camera = state;
	}, camera);
}

function cameraState(page: Page): Promise<string | undefined> {
	return page.evaluate(() => (window as unknown as { stream?: MediaStream }).stream?.getVideoTracks()[0]?.readyState);
}

test('the camera refuses in words, takes what it frames by keyboard, and is let go', async () => {
	const visitor = await atPhotoStep('P-10');
	const { page } = visitor;
	await page.addInitScript(giveCamera);
	await page.reload();
	await visitor.isLive();

	await tabTo(page, 'Take a photo');
	await page.keyboard.press('Enter');
	await visitor.sees('The camera may not be used here', 'Close the camera');
	await inspect(page, '93-camera-denied');
	await setCamera(page, 'NotFoundError');
	await visitor.button('Try again').click();
	await visitor.sees('There is no camera here');
	await visitor.button('Close the camera').click();

	await setCamera(page, 'here');
	await visitor.button('Take a photo').click();
	await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Take the photo');
	await inspect(page, '94-camera');
	await page.keyboard.press('Escape');
	await visitor.sees('Choose a photo, drag it here, or paste it');
	await expect.poll(() => cameraState(page)).toBe('ended');

	await setCamera(page, 'dark');
	await visitor.button('Take a photo').click();
	await expect.poll(() => cameraState(page)).toBe('live');
	// It is marked as not to be pressed, and whoever does so all the same gets nothing.
	await visitor.button('Take the photo').dispatchEvent('click');
	await visitor.sees(/^Waiting for the camera/);
	await setCamera(page, 'here');
	await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Take the photo');
	await page.locator('.finder[data-live="true"]').waitFor();
	await page.keyboard.press('Enter');
	await visitor.sees('This photo will do well', '720 × 960 pixels');
	await expect.poll(() => cameraState(page)).toBe('ended');

	await visitor.button('Take a photo').click();
	await expect.poll(() => cameraState(page)).toBe('live');
	await page.getByRole('link', { name: 'Back' }).click();
	await visitor.arrive(/^\/smiles\/new\/consent\?/);
	await expect.poll(() => cameraState(page)).toBe('ended');
});
