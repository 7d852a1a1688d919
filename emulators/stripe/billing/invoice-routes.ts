import { Hono } from 'hono';
import { html } from 'hono/html';
import { page } from '../../sign-in/page';
import type { Invoice } from '../wire/stored';
import type { World } from '../world';
import { formatDate, formatMoney } from './invoice-lines';
import { textPdf } from './invoice-pdf';

/** Pages to read: an invoice, the same as a PDF, and the receipt of a charge. */
export function invoiceRoutes({ store }: World): Hono {
	return new Hono()
		.get('/invoice/:id', (c) => {
			const invoice = store.invoices.get(c.req.param('id'));
			if (!invoice) return c.text('There is no such invoice.', 404);
			const [title = '', ...lines] = describe(invoice);
			return c.html(
				page(
					title,
					html`<h1>${title}</h1>
						${lines.map((line) => html`<p>${line}</p>`)}
						<p class="row"><a href="${invoice.invoice_pdf ?? ''}">Download as PDF</a></p>`,
				),
			);
		})
		.get('/invoice/:id/pdf', (c) => {
			const invoice = store.invoices.get(c.req.param('id'));
			if (!invoice) return c.text('There is no such invoice.', 404);
			const name = `Invoice-${invoice.number ?? invoice.id}.pdf`;
			return c.body(textPdf(describe(invoice)), 200, {
				'content-type': 'application/pdf',
				'content-disposition': `attachment; filename="${name}"`,
			});
		})
		.get('/receipt/:id', (c) => {
			const charge = store.charges.get(c.req.param('id'));
			if (!charge) return c.text('There is no such receipt.', 404);
			const amount = formatMoney(charge.amount, charge.currency);
			return c.html(
				page(
					'Receipt',
					html`<h1>Receipt</h1>
						<p>${amount} on ${formatDate(charge.created)}, ${charge.status}.</p>`,
				),
			);
		});
}

function describe(invoice: Invoice): string[] {
	const money = (amount: number) => formatMoney(amount, invoice.currency);
	return [
		`Invoice ${invoice.number ?? '(draft)'}`,
		`From ${invoice.account_name} to ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}, ${formatDate(invoice.created)}`,
		...invoice.lines.data.map(({ amount, description }) => `${description}: ${money(amount)}`),
		`Total: ${money(invoice.total)}. Paid: ${money(invoice.amount_paid)}. Due: ${money(invoice.amount_remaining)}.`,
		`Status: ${invoice.status}`,
		'Made by the stand-in for Stripe. No money moves.',
	];
}
