import { createHash } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';

const emulators = await startEmulators();
afterAll(() => emulators.close());
beforeEach(() => emulators.breachedPasswords.reset());

function hashOf(password: string): { prefix: string; suffix: string } {
	const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
	return { prefix: hash.slice(0, 5), suffix: hash.slice(5) };
}

function ask(prefix: string, init: RequestInit = {}): Promise<Response> {
	return fetch(`${emulators.origin}/pwned/range/${prefix}`, init);
}

async function countOf(password: string, headers: Record<string, string> = {}): Promise<number | undefined> {
	const { prefix, suffix } = hashOf(password);
	const lines = (await (await ask(prefix, { headers })).text()).split('\r\n');
	const line = lines.find((candidate) => candidate.startsWith(`${suffix}:`));
	return line === undefined ? undefined : Number(line.split(':')[1]);
}

test.each(['password', 'password password', 'correct horse battery staple', '123456789012345', 'qwertyuiopasdfgh'])(
	'"%s" is known',
	async (password) => {
		expect(await countOf(password)).toBeGreaterThan(0);
		expect(await countOf(password, { 'add-padding': 'true' })).toBeGreaterThan(0);
	},
);

test('a range is lines of 35 hex digits and a count, and the same each time; the prefix may be in small letters', async () => {
	const answer = await ask('21bd1');
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toContain('text/plain');
	const text = await answer.text();
	expect(text.split('\r\n').length).toBeGreaterThan(0);
	for (const line of text.split('\r\n')) expect(line).toMatch(/^[0-9A-F]{35}:[1-9]\d*$/);
	expect(await (await ask('21BD1')).text()).toBe(text);
	expect(await countOf('an unheard of passphrase 8261')).toBeUndefined();
});

test('padding hides how many there are, and its lines count nothing', async () => {
	const plain = (await (await ask('21BD1')).text()).split('\r\n');
	for (let time = 0; time < 5; time++) {
		const padded = (await (await ask('21BD1', { headers: { 'Add-Padding': 'true' } })).text()).split('\r\n');
		expect(padded.length).toBeGreaterThanOrEqual(800);
		expect(padded.length).toBeLessThanOrEqual(1000);
		expect(padded.filter((line) => !line.endsWith(':0'))).toEqual(plain);
	}
});

test.each(['21BD', '21BD12', '21BDG', '%20%20%20%20%20'])(
	'the prefix "%s" is refused and not noted',
	async (prefix) => {
		expect((await ask(prefix)).status).toBe(400);
		expect(emulators.breachedPasswords.requests()).toEqual([]);
	},
);

test('what is added is known until it is reset, by control over HTTP too', async () => {
	const control = (path: string, body: unknown) =>
		fetch(`${emulators.origin}/control/pwned${path}`, { method: 'POST', body: JSON.stringify(body) });
	emulators.breachedPasswords.add('tea for two in tunbridge', 7);
	expect(await countOf('tea for two in tunbridge')).toBe(7);
	expect((await control('/passwords', { password: 'seven swans a-swimming' })).status).toBe(200);
	expect(await countOf('seven swans a-swimming')).toBe(1);
	expect((await control('/passwords', {})).status).toBe(400);
	await control('/reset', {});
	expect(await countOf('tea for two in tunbridge')).toBeUndefined();
});

test('what was asked is told: five digits and whether padding was asked for', async () => {
	await ask('21bd1', { headers: { 'add-padding': 'true' } });
	const answer = await fetch(`${emulators.origin}/control/pwned/requests`);
	expect(await answer.json()).toEqual({ requests: [{ prefix: '21BD1', isPadded: true }] });
});

test('it is unavailable as often as told', async () => {
	emulators.breachedPasswords.failNext({ kind: 'unavailable', times: 2 });
	expect([(await ask('21BD1')).status, (await ask('21BD1')).status, (await ask('21BD1')).status]).toEqual([
		503, 503, 200,
	]);
});

test('it hangs when told, until the caller gives up or it stops', async () => {
	emulators.breachedPasswords.failNext({ kind: 'hang' });
	await expect(ask('21BD1', { signal: AbortSignal.timeout(150) })).rejects.toThrow('timeout');
	expect((await ask('21BD1')).status).toBe(200);

	const other = await startEmulators();
	other.breachedPasswords.failNext({ kind: 'hang' });
	const hanging = fetch(`${other.origin}/pwned/range/21BD1`).then(
		({ status }) => status,
		() => 'cut off',
	);
	while (other.breachedPasswords.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await other.close();
	expect([503, 'cut off']).toContain(await hanging);
});
