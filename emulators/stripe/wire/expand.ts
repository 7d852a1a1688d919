import type { Store } from '../store';
import { listOf } from './answer-list';
import { invalid } from './errors';

const DEPTH_MAX = 4;

type Node = Record<string, unknown>;

/** A copy of `answer` in which the ids at these paths are the objects, and what is only shown on demand is there. */
export function expand(store: Store, answer: object, paths: readonly string[]): object {
	const copy = structuredClone(answer);
	for (const path of paths) {
		const fields = path.split('.');
		if (fields.length > DEPTH_MAX) {
			throw invalid(`You cannot expand more than ${DEPTH_MAX} levels of a property: ${path}.`, { param: 'expand' });
		}
		expandAt(store, copy, fields);
	}
	return copy;
}

function expandAt(store: Store, node: unknown, [field, ...rest]: readonly string[]): void {
	if (field === undefined || node === null) return;
	if (Array.isArray(node)) return node.forEach((item) => expandAt(store, item, [field, ...rest]));
	if (!isNode(node)) throw cannotExpand(field);
	const value = node[field] ?? onDemand(store, node, field);
	if (value === undefined) throw cannotExpand(field);
	// A copy, so that expanding deeper leaves what is stored alone.
	node[field] = typeof value === 'string' ? objectOf(store, value, field) : value;
	expandAt(store, node[field], rest);
}

function objectOf(store: Store, id: string, field: string): object {
	const object = store.find(id);
	if (!object) throw cannotExpand(field);
	return structuredClone(object);
}

/** Null is what an expandable field may be; undefined, what is no field. */
function onDemand(store: Store, node: Node, field: string): unknown {
	const id = String(node['id']);
	switch (`${String(node['object'])}.${field}`) {
		case 'checkout.session.line_items':
			return structuredClone(listOf(store.hidden.lineItems.get(id) ?? [], `/v1/checkout/sessions/${id}/line_items`));
		case 'invoice.payments': {
			const payments = [...store.invoicePayments.values()].filter(({ invoice }) => invoice === id);
			return structuredClone(listOf(payments, `/v1/invoice_payments?invoice=${id}`));
		}
		case 'charge.refunds': {
			const refunds = [...store.refunds.values()].filter(({ charge }) => charge === id).toReversed();
			return structuredClone(listOf(refunds, `/v1/charges/${id}/refunds`));
		}
		case 'customer.subscriptions': {
			const running = [...store.subscriptions.values()].filter(
				({ customer, status }) => customer === id && status !== 'canceled',
			);
			return structuredClone(listOf(running, `/v1/customers/${id}/subscriptions`));
		}
		default:
			return field in node ? null : undefined;
	}
}

function isNode(value: unknown): value is Node {
	return typeof value === 'object' && value !== null;
}

function cannotExpand(field: string) {
	return invalid(`This property cannot be expanded (${field}).`, { param: 'expand' });
}
