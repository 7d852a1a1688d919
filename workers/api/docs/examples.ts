/*
 * The examples of the API's page, as data. `test/edge/docs-examples.test.ts` runs each one as it is printed, against a running
 * edge: the shell's by bash and curl, TypeScript's by Node, one after another, with what a reader keeps from an answer in the environment.
 */

/** What a reader keeps for a later step: a variable's name, and where in the answer its value stands, such as `assets.1.id`. */
interface Kept {
	readonly name: string;
	readonly path: string;
}

export interface ShellStep {
	readonly says: string;
	readonly code: string;
	readonly keeps: readonly Kept[];
}

export interface Example {
	readonly id: string;
	readonly title: string;
	readonly text: string;
	/** The tool it is about; without it, it works in every studio with keys. */
	readonly tool: string | null;
	readonly shell: readonly ShellStep[];
	readonly typescript: {
		readonly file: string;
		readonly code: string;
		/** The variable that the last line it prints is kept in. */
		readonly printsLast: string | null;
	};
}

const AUTH = '-H "Authorization: Bearer $KEY"';
const JSON_BODY = '-H "Content-Type: application/json"';

/** What the TypeScript examples share. */
export const CLIENT = {
	file: 'afterglow.mts',
	code: `const { KEY, ORIGIN } = process.env;

export async function call<Answer>(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(\`\${ORIGIN}\${path}\`, {
    method,
    headers: { authorization: \`Bearer \${KEY}\`, 'content-type': 'application/json', ...headers },
    body: body ? JSON.stringify(body) : null,
  });
  if (response.ok) return (await response.json()) as Answer;
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  throw new Error(\`\${response.status} \${error.code}: \${error.message}\`);
}`,
} as const;

const CREDITS: Example = {
	id: 'credits',
	title: 'Ask what can be spent',
	text: 'The shortest way to see that a key works.',
	tool: null,
	shell: [{ says: '', code: `curl -sS "$ORIGIN/v1/credits" ${AUTH}`, keeps: [] }],
	typescript: {
		file: 'credits.mts',
		code: `import { call } from './afterglow.mts';

const credits = await call<{ available: number; held: number }>('GET', '/v1/credits');
console.log(\`\${credits.available} credits can be spent, \${credits.held} are held\`);`,
		printsLast: null,
	},
};

const UPLOAD: Example = {
	id: 'upload',
	title: 'Send a photo with its consent',
	text: 'No address for a photo is given before a complete consent is recorded. Each address takes one photo of exactly this type and length, once, within 10 minutes. It is a permission by itself: the key does not travel there.',
	tool: 'smile.video',
	shell: [
		{
			says: 'Add the patient, under a reference of your own that is not a name.',
			code: `curl -sS "$ORIGIN/v1/subjects" ${AUTH} \\
  ${JSON_BODY} -d '{ "reference": "M-2041" }'`,
			keeps: [{ name: 'SUBJECT', path: 'id' }],
		},
		{
			says: 'Record what the patient signed. What is still missing is named in the answer.',
			code: `curl -sS "$ORIGIN/v1/consents" ${AUTH} \\
  ${JSON_BODY} -d @- <<JSON
{
  "subjectId": "$SUBJECT",
  "description": "One photo of the face, and the video made of it",
  "discloser": "Our practice",
  "recipient": "Dental Diffusion, and fal.ai, which draws the video",
  "purposes": ["show_in_room", "patient_copy"],
  "expiresAt": "$(($(date -u +%Y) + 1))-01-31T00:00:00Z",
  "signerName": "Mara Example",
  "signerRole": "patient",
  "signedAt": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "toldOfRevocation": true,
  "toldTreatmentNotConditioned": true,
  "toldOfRedisclosure": true
}
JSON`,
			keeps: [{ name: 'CONSENT', path: 'id' }],
		},
		{
			says: 'Announce the photo.',
			code: `curl -sS "$ORIGIN/v1/uploads" ${AUTH} \\
  ${JSON_BODY} -d @- <<JSON
{
  "kind": "source",
  "contentType": "image/jpeg",
  "byteLength": $(wc -c < "$PHOTO"),
  "subjectId": "$SUBJECT",
  "consentId": "$CONSENT"
}
JSON`,
			keeps: [
				{ name: 'UPLOAD', path: 'id' },
				{ name: 'PUT_URL', path: 'put.url' },
			],
		},
		{
			says: 'Send it, and say that it was sent.',
			code: `curl -sS -T "$PHOTO" -H "Content-Type: image/jpeg" "$PUT_URL"
curl -sS -X POST "$ORIGIN/v1/uploads/$UPLOAD/complete" ${AUTH}`,
			keeps: [],
		},
	],
	typescript: {
		file: 'upload.mts',
		code: `import { readFile } from 'node:fs/promises';
import { call } from './afterglow.mts';

const photo = await readFile(process.env.PHOTO ?? 'photo.jpg');
const now = Date.now();

const patient = await call<{ id: string }>('POST', '/v1/subjects', { reference: 'M-2042' });

const consent = await call<{ id: string }>('POST', '/v1/consents', {
  subjectId: patient.id,
  description: 'One photo of the face, and the video made of it',
  discloser: 'Our practice',
  recipient: 'Dental Diffusion, and fal.ai, which draws the video',
  purposes: ['show_in_room', 'patient_copy'],
  expiresAt: new Date(now + 90 * 86_400_000).toISOString(),
  signerName: 'Mara Example',
  signerRole: 'patient',
  signedAt: new Date(now).toISOString(),
  toldOfRevocation: true,
  toldTreatmentNotConditioned: true,
  toldOfRedisclosure: true,
});

type Upload = { id: string; put: { url: string; headers: Record<string, string> } };
const upload = await call<Upload>('POST', '/v1/uploads', {
  kind: 'source',
  contentType: 'image/jpeg',
  byteLength: photo.byteLength,
  subjectId: patient.id,
  consentId: consent.id,
});

const { url, headers } = upload.put;
const sent = await fetch(url, { method: 'PUT', headers, body: photo });
if (!sent.ok) throw new Error(await sent.text());
await call('POST', \`/v1/uploads/\${upload.id}/complete\`);
console.log(upload.id);`,
		printsLast: 'UPLOAD',
	},
};

const ORDER: Example = {
	id: 'order',
	title: 'Order, and wait for it',
	text: 'Ordering holds the credits; they are charged when the video is there and come back when it is not. creditsMax is the most that you allow it to cost: dearer by now, it is refused and nothing happens. The Idempotency-Key makes it safe to send an order again when no answer came.',
	tool: 'smile.video',
	shell: [
		{
			says: 'Order. Here the photo’s id is the key, so that a photo is never ordered twice by accident.',
			code: `curl -sS "$ORIGIN/v1/renders" ${AUTH} \\
  -H "Idempotency-Key: video-of-$UPLOAD" ${JSON_BODY} -d @- <<JSON
{
  "tool": "smile.video",
  "input": { "uploadId": "$UPLOAD", "treatment": "whitening", "fromShade": "A3", "toShade": "A1" },
  "creditsMax": 24
}
JSON`,
			keeps: [{ name: 'RENDER', path: 'id' }],
		},
		{
			says: 'Watch it. The stream sends the render as it changes, and ends when it has ended.',
			code: `curl -sSN "$ORIGIN/v1/renders/$RENDER/events" ${AUTH}`,
			keeps: [],
		},
		{
			says: 'See what was made: first the picture, then the video.',
			code: `curl -sS "$ORIGIN/v1/renders/$RENDER" ${AUTH}`,
			keeps: [{ name: 'ASSET', path: 'assets.1.id' }],
		},
		{
			says: 'Ask for the video’s address. It works for minutes, so ask when you need it.',
			code: `curl -sS "$ORIGIN/v1/assets/$ASSET" ${AUTH}`,
			keeps: [{ name: 'VIDEO_URL', path: 'url' }],
		},
		{ says: 'Download it.', code: 'curl -sS -o smile.mp4 "$VIDEO_URL"', keeps: [] },
	],
	typescript: {
		file: 'order.mts',
		code: `import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './afterglow.mts';

const { UPLOAD } = process.env;
type Render = { id: string; state: string; stage: string | null; error?: { message: string } };

let render = await call<Render>(
  'POST',
  '/v1/renders',
  {
    tool: 'smile.video',
    input: { uploadId: UPLOAD, treatment: 'whitening', fromShade: 'A3', toShade: 'A1' },
    creditsMax: 24,
  },
  { 'idempotency-key': \`video-of-\${UPLOAD}\` },
);
while (render.state === 'queued' || render.state === 'running') {
  await sleep(2000);
  render = await call<Render>('GET', \`/v1/renders/\${render.id}\`);
}
if (render.state !== 'succeeded') throw new Error(render.error?.message ?? render.state);

type View = { assets: { id: string; kind: string; url: string }[] };
const { assets } = await call<View>('GET', \`/v1/renders/\${render.id}/view\`);
for (const { id, kind, url } of assets) {
  const file = await fetch(url);
  await writeFile(kind === 'video' ? 'smile.mp4' : 'after.png', await file.bytes());
  console.log(id);
}`,
		printsLast: 'ASSET',
	},
};

const LIST: Example = {
	id: 'list',
	title: 'List what was made',
	text: 'Newest first, 100 at most at a time. The answer’s nextCursor leads to the next page, and is null on the last.',
	tool: null,
	shell: [{ says: '', code: `curl -sS "$ORIGIN/v1/renders?limit=50" ${AUTH}`, keeps: [] }],
	typescript: {
		file: 'list.mts',
		code: `import { call } from './afterglow.mts';

type Page = { items: { id: string; state: string }[]; nextCursor: string | null };

let cursor: string | null = '';
while (cursor !== null) {
  const query = new URLSearchParams({ limit: '50', ...(cursor ? { cursor } : {}) });
  const page: Page = await call<Page>('GET', \`/v1/renders?\${query}\`);
  for (const { id, state } of page.items) console.log(id, state);
  cursor = page.nextCursor;
}`,
		printsLast: null,
	},
};

const DELETE: Example = {
	id: 'delete',
	title: 'Delete',
	text: 'A photo goes by itself a day after its video. Anything can go earlier. No address is given from the first moment on, and the receipt follows once the place was looked at again.',
	tool: 'smile.video',
	shell: [
		{
			says: 'The video.',
			code: `curl -sS -X DELETE "$ORIGIN/v1/assets/$ASSET" ${AUTH}`,
			keeps: [{ name: 'RECEIPT', path: 'receiptId' }],
		},
		{ says: 'The photo.', code: `curl -sS -X DELETE "$ORIGIN/v1/uploads/$UPLOAD" ${AUTH}`, keeps: [] },
	],
	typescript: {
		file: 'delete.mts',
		code: `import { call } from './afterglow.mts';

const { ASSET, UPLOAD } = process.env;
await call('DELETE', \`/v1/uploads/\${UPLOAD}\`);
const { receiptId } = await call<{ receiptId: string }>('DELETE', \`/v1/assets/\${ASSET}\`);
console.log(receiptId);`,
		printsLast: 'RECEIPT',
	},
};

const RECEIPT: Example = {
	id: 'receipt',
	title: 'Check a receipt',
	text: 'A receipt is signed with Ed25519 by a key that is published. Keep both files: checking them later takes neither us nor a network.',
	tool: 'smile.video',
	shell: [
		{
			says: 'Fetch the receipt and the published keys.',
			code: `curl -sS -o receipt.json "$ORIGIN/v1/receipts/$RECEIPT" ${AUTH}
curl -sS -o keys.json "$ORIGIN/.well-known/afterglow-keys.json"`,
			keeps: [],
		},
		{
			says: 'Check the signature over the text that was signed.',
			code: `node -e '
  const { createPublicKey, verify } = require("node:crypto");
  const { body, keyId, signature } = require("./receipt.json");
  const key = require("./keys.json").keys.find(({ kid }) => kid === keyId);
  const isSigned = verify(null, Buffer.from(body),
    createPublicKey({ key, format: "jwk" }), Buffer.from(signature, "base64url"));
  console.log(isSigned ? "Valid:" : "Not valid:", body);
'`,
			keeps: [],
		},
	],
	typescript: {
		file: 'receipt.mts',
		code: `import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './afterglow.mts';

type Receipt =
  | { state: 'pending'; waitingFor: string[] }
  | { state: 'issued'; body: string; keyId: string; signature: string };
const receiptOf = (id?: string) => call<Receipt>('GET', \`/v1/receipts/\${id}\`);

let receipt = await receiptOf(process.env.RECEIPT);
while (receipt.state === 'pending') {
  await sleep(5000);
  receipt = await receiptOf(process.env.RECEIPT);
}

const { body, keyId, signature } = receipt;
const { keys } = await call<{ keys: JsonWebKey[] }>('GET', '/.well-known/afterglow-keys.json');
const key = keys.find(({ kid }) => kid === keyId);
if (key === undefined) throw new Error('This key was never published.');

const publicKey = createPublicKey({ key, format: 'jwk' });
const isSigned = verify(null, Buffer.from(body), publicKey, Buffer.from(signature, 'base64url'));
console.log(isSigned ? 'Valid:' : 'Not valid:', JSON.parse(body).deletedAt);`,
		printsLast: null,
	},
};

/** In the order in which a reader goes through them: each takes what the ones before it kept. */
export const EXAMPLES: readonly Example[] = [CREDITS, UPLOAD, ORDER, LIST, DELETE, RECEIPT];

const GIVEN_BY_THE_READER = ['KEY', 'ORIGIN', 'PHOTO'];

/** The variables that a step takes from answers before it. */
export function variablesIn(code: string): string[] {
	const named = [...code.matchAll(/\$([A-Z_]+)|process\.env\.([A-Z_]+)|const \{ ([A-Z_, ]+) \} = process\.env/g)];
	const names = named.flatMap(([, shell, member, destructured]) => (shell ?? member ?? destructured ?? '').split(', '));
	return [...new Set(names)].filter((name) => !GIVEN_BY_THE_READER.includes(name));
}
