import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';

import { pathOr } from '../paths';
import { datesCookie, DEFAULT_DATES, isDates, modeCookie } from '../preferences';

const Choice = z.enum(['light', 'dark', 'system']).catch('system');
const DatesChoice = z.string().refine(isDates).catch(DEFAULT_DATES);

export function loader() {
	return redirect('/');
}

/** Keeps what a form chose, colours or the language of dates, in this browser. */
export async function action({ request }: ActionFunctionArgs) {
	const form = await request.formData();
	const isHttps = new URL(request.url).protocol === 'https:';
	const headers = new Headers();
	if (form.has('mode')) headers.append('set-cookie', modeCookie(Choice.parse(form.get('mode')), isHttps));
	if (form.has('dates')) headers.append('set-cookie', datesCookie(DatesChoice.parse(form.get('dates')), isHttps));
	return redirect(pathOr('/', form.get('next')), { headers });
}
