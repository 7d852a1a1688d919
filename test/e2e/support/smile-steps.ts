import { expect } from 'vitest';

import { fromRoot } from '../../../scripts/root';
import type { Visitor } from './visitor';

/** From the order to the video on two busy cores. */
export const RENDER_MS = 110_000;

const TOLD = [/revoked in writing/, /does not depend on signing/, /might pass it on/];

/** Patient and consent, signed; stands at the photo step afterwards. */
export async function reachPhotoStep(visitor: Visitor, reference: string): Promise<void> {
	const { page } = visitor;
	await visitor.open('/smiles/new');
	await page.getByLabel('Patient reference').fill(reference);
	await visitor.button('Consent').click();
	await visitor.arrive(/^\/smiles\/new\/consent\?/);
	for (const statement of TOLD) await page.getByLabel(statement).check();
	await page.getByLabel('Full name of who signs').fill('Mara Demo');
	await visitor.button('Sign here').click();
	await visitor.arrive(/^\/smiles\/new\/photo\?/);
}

/** Takes the drawn patient, or a file of the repository, and sends it. */
export async function sendPhoto(visitor: Visitor, file?: string): Promise<void> {
	if (file === undefined) await visitor.button('Use the drawn sample patient').click();
	else await visitor.page.locator('input[type=file]').first().setInputFiles(fromRoot(file));
	await visitor.page.getByText('Nothing has been sent yet').waitFor();
	await visitor.button('Send photo').click();
	await visitor.arrive(/^\/smiles\/new\/shade\?/);
}

/** From the shade step, with the usual shades: asks the price and orders; answers the page of the render. */
export async function order(visitor: Visitor): Promise<string> {
	await visitor.button('Price').click();
	await visitor.button('Make the video').click();
	return visitor.arrive(/^\/smiles\/rnd_/);
}

export async function orderSmile(visitor: Visitor, reference: string, file?: string): Promise<string> {
	await reachPhotoStep(visitor, reference);
	await sendPhoto(visitor, file);
	return order(visitor);
}

/** Waits for the page to say by itself how the render ended. */
export async function waitForEnd(visitor: Visitor, heading: string | RegExp): Promise<void> {
	await visitor.heading(heading).waitFor({ timeout: RENDER_MS });
	await expect.poll(() => visitor.page.locator('.progress').count()).toBe(0);
}
