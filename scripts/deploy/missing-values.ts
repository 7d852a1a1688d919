import type { Unstable_Config } from 'wrangler';

import { STRIPE_ADDRESS } from '../../workers/core/gateways/stripe/connect';
import { DEPLOYABLES, DEPLOYABLE_IDS, type Deployable } from '../edge/workers';

/** What is read of a config here; wrangler's own type fits. */
export type DeployedConfig = Pick<Unstable_Config, 'vars' | 'd1_databases' | 'r2_buckets' | 'routes' | 'route'>;

const NO_DATABASE = '00000000-0000-0000-0000-000000000000';
const SHARED_VARS = ['STUDIO', 'APP_ORIGIN', 'MEDIA_ORIGIN'] as const;

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

function missingIds(configs: Record<Deployable, DeployedConfig>): string[] {
	const ids = (['api', 'jobs'] as const).map((deployable) => {
		return { deployable, id: configs[deployable].d1_databases[0]?.database_id ?? NO_DATABASE };
	});
	const unset = ids
		.filter(({ id }) => id === NO_DATABASE)
		.map(({ deployable }) => {
			return `${DEPLOYABLES[deployable].config} names no database. Create one with "wrangler d1 create" and write its id there.`;
		});
	if (unset.length > 0 || ids[0]?.id === ids[1]?.id) return unset;
	return [`${DEPLOYABLES.api.config} and ${DEPLOYABLES.jobs.config} name different databases. They share one.`];
}

/** Api seals and jobs opens with the same keys; and whoever serves pictures to the outside holds none of them. */
function wrongVaults(configs: Record<Deployable, DeployedConfig>): string[] {
	const bucketOf = (deployable: Deployable, name: string) =>
		configs[deployable].r2_buckets.find(({ binding }) => binding === name)?.bucket_name;
	const [api, jobs, media] = [bucketOf('api', 'VAULT'), bucketOf('jobs', 'VAULT'), bucketOf('media', 'MEDIA')];
	const wrong: string[] = [];
	if (api === undefined || api !== jobs) {
		wrong.push(`${DEPLOYABLES.api.config} and ${DEPLOYABLES.jobs.config} name different vaults. They share one.`);
	}
	if (api === media) {
		wrong.push(`${DEPLOYABLES.api.config} has the pictures' bucket as its vault. Make a bucket of its own for keys.`);
	}
	return wrong;
}

/** Example hosts that nobody replaced, and origins that a browser would not call secure. */
function wrongOrigins(configs: Record<Deployable, DeployedConfig>): string[] {
	return DEPLOYABLE_IDS.flatMap((deployable) => {
		const { vars } = configs[deployable];
		return ['APP_ORIGIN', 'MEDIA_ORIGIN']
			.filter((name) => name in vars)
			.flatMap((name) => {
				const value = textOf(vars[name]);
				const isReal =
					URL.canParse(value) && value.startsWith('https://') && !/\bexample\.\w+$/.test(new URL(value).hostname);
				return isReal
					? []
					: [
							`${DEPLOYABLES[deployable].config} has ${name} = "${value}". Write the https origin of your own host there.`,
						];
			});
	});
}

/** One studio on one pair of hosts: a Worker that thinks otherwise signs addresses which another one refuses. */
function differingVars(configs: Record<Deployable, DeployedConfig>): string[] {
	return SHARED_VARS.flatMap((name) => {
		const values = DEPLOYABLE_IDS.filter((deployable) => name in configs[deployable].vars).map((deployable) => {
			return { deployable, value: textOf(configs[deployable].vars[name]) };
		});
		if (new Set(values.map(({ value }) => value)).size <= 1) return [];
		const said = values.map(({ deployable, value }) => `"${value}" in ${DEPLOYABLES[deployable].config}`);
		return [`${name} differs: ${said.join(', ')}. Write the same value into each.`];
	});
}

/** A Worker that is to speak to a stand-in refuses everything in production. */
function wrongStripeAddresses(configs: Record<Deployable, DeployedConfig>): string[] {
	return (['api', 'jobs'] as const).flatMap((deployable) => {
		const value = textOf(configs[deployable].vars['STRIPE_API_URL']);
		if (value === STRIPE_ADDRESS) return [];
		return [`${DEPLOYABLES[deployable].config} has STRIPE_API_URL = "${value}". Write ${STRIPE_ADDRESS} there.`];
	});
}

/**
 * Sentences on what would deploy and then not work: ids, hosts and a sender that are still examples, a receipt key that
 * nobody could check receipts with, a sign-up that could not ask for a challenge, payments at a stand-in, a media Worker at no address, values that
 * differ, a vault that two Workers do not share. Empty when all is well.
 */
export function missingValues(configs: Record<Deployable, DeployedConfig>): string[] {
	const missing = [
		...missingIds(configs),
		...wrongVaults(configs),
		...wrongOrigins(configs),
		...differingVars(configs),
	];
	if (textOf(configs.api.vars['RECEIPT_PUBLIC_KEY']) === '') {
		missing.push(
			`${DEPLOYABLES.api.config} has no RECEIPT_PUBLIC_KEY. Write the public half of the RECEIPT_SIGNING_KEY of jobs there.`,
		);
	}
	if (textOf(configs.api.vars['TURNSTILE_SITE_KEY']) === '') {
		missing.push(
			`${DEPLOYABLES.api.config} has no TURNSTILE_SITE_KEY. Make a Turnstile widget for the app's host and write its site key there.`,
		);
	}
	missing.push(...wrongStripeAddresses(configs));
	const from = textOf(configs.jobs.vars['MAIL_FROM']);
	if (/@(?:.+\.)?example\.\w+>$/.test(from)) {
		missing.push(
			`${DEPLOYABLES.jobs.config} has MAIL_FROM = "${from}". Write an address there whose domain Resend has verified.`,
		);
	}
	if (configs.media.route === undefined && (configs.media.routes ?? []).length === 0) {
		missing.push(
			`${DEPLOYABLES.media.config} has no route, so photos could not be sent. Write the host of MEDIA_ORIGIN there.`,
		);
	}
	return missing;
}
