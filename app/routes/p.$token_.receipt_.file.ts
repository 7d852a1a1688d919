import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';

import { pathsOf } from '../patient/bare-page';
import { openLink } from '../patient/open-link';
import { receiptFile } from '../receipts/receipt-file';

/** The signed receipt as a file, for whoever checks it without us. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const token = params['token'] ?? '';
	const { page } = await openLink(context, request, token);
	const receipt = page.state === 'signed' ? (page.deletion?.receipt ?? null) : null;
	return receipt === null ? redirect(pathsOf(token).page) : receiptFile(receipt);
}
