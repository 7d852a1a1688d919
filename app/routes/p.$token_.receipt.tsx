import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';

import { Page } from '../components/page';
import { patientHeaders, patientMeta, patientStyles, pathsOf } from '../patient/bare-page';
import { openLink } from '../patient/open-link';
import { IssuedReceiptView } from '../receipts/issued-receipt';
import { readReceipt } from '../receipts/read-receipt';
import { BARE } from '../still';

export const handle = BARE;
export const links = patientStyles;
export const meta = patientMeta;
export const headers = patientHeaders;

/** The receipt of a revocation, with its times to the second and in UTC, as they are signed; before there is one, the page says how far the deletion is. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const paths = pathsOf(params['token'] ?? '');
	const { page } = await openLink(context, request, params['token'] ?? '');
	const receipt = page.state === 'signed' ? (page.deletion?.receipt ?? null) : null;
	if (receipt === null) throw redirect(paths.page);
	return { id: receipt.id, receipt: await readReceipt(receipt), paths };
}

export default function RevocationReceipt() {
	const { id, receipt, paths } = useLoaderData<typeof loader>();
	return (
		<Page width="narrow">
			<p className="no-print">
				<a href={paths.page} className="tap">
					Back to your permission
				</a>
			</p>
			<IssuedReceiptView id={id} receipt={receipt} file={paths.file} canPrint={false} />
		</Page>
	);
}
