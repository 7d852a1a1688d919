import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';

import { pathOr } from '../paths';
import { modeCookie } from '../preferences';

const Choice = z.enum(['light', 'dark', 'system']).catch('system');

export function loader() {
	return redirect('/');
}

export async function action({ request }: ActionFunctionArgs) {
	const form = await request.formData();
	const isHttps = new URL(request.url).protocol === 'https:';
	return redirect(pathOr('/', form.get('next')), {
		headers: { 'set-cookie': modeCookie(Choice.parse(form.get('mode')), isHttps) },
	});
}
