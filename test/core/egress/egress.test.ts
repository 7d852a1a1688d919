import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { createEgress, EgressRefused, isAddressOf } from '../../../workers/core/egress/egress';

const { dental, image } = STUDIOS;

function listening() {
	const asked: { url: string; redirect: string | undefined }[] = [];
	const fetcher: typeof fetch = (input, init) => {
		asked.push({ url: input instanceof Request ? input.url : String(input), redirect: init?.redirect });
		return Promise.resolve(new Response('heard'));
	};
	return { asked, fetcher };
}

test('every host of a processor is reached, and no redirect from there is followed', async () => {
	const { asked, fetcher } = listening();
	const egress = createEgress(dental.policy, { isProduction: true, fetcher });
	const hosts = dental.policy.processors.flatMap((processor) => processor.hosts);

	for (const host of hosts) await egress(`https://${host}/path`, { redirect: 'follow' });

	expect(hosts.length).toBeGreaterThan(10);
	expect(asked).toEqual(hosts.map((host) => ({ url: `https://${host}/path`, redirect: 'manual' })));
});

test.each([
	'https://evil.test/collect',
	'https://api.stripe.com.evil.test/v1',
	'https://api.stripe.com@evil.test/v1',
	'https://api.stripe.com:8443/v1',
	'http://api.stripe.com/v1',
	'http://127.0.0.1:8790/fal',
	// Another studio's processor is nobody here.
	'https://api.openai.com/v1/images',
])('nothing is sent to %s in production, and the refusal says what to do', async (address) => {
	const { asked, fetcher } = listening();
	const egress = createEgress(dental.policy, { isProduction: true, fetcher });

	const refused = egress(address, { method: 'POST', body: 'a secret of somebody' });

	await expect(refused).rejects.toThrow(EgressRefused);
	await expect(refused).rejects.toThrow(
		/no processor of this studio's policy lists it.*studios\/policy\/processors\.ts/,
	);
	await expect(refused).rejects.not.toThrow(/secret of somebody|collect/);
	expect(asked).toEqual([]);
});

test('elsewhere a stand-in on this machine is reached too, and nobody else', async () => {
	const { asked, fetcher } = listening();
	const egress = createEgress(image.policy, { isProduction: false, fetcher });

	await egress(new Request('http://127.0.0.1:8790/fal'));
	await expect(egress('https://evil.test/')).rejects.toThrow('evil.test');

	expect(asked.map(({ url }) => url)).toEqual(['http://127.0.0.1:8790/fal']);
});

test('a processor’s address is one of its own hosts, over TLS, on no other port', () => {
	expect(isAddressOf('fal', 'https://queue.fal.run/x')).toBe(true);
	expect(isAddressOf('stripe', 'https://api.stripe.com')).toBe(true);
	for (const address of [
		'http://queue.fal.run',
		'https://queue.fal.run:8443',
		'https://queue.fal.run.evil.test',
		'https://queue.fal.run@evil.test',
		'https://api.stripe.com',
		'http://127.0.0.1:8790',
		'',
	]) {
		expect([address, isAddressOf('fal', address)]).toEqual([address, false]);
	}
});
