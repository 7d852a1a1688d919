import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './policy.css?url';

/** The sheet of the pages about the policy, which no other page has to carry. */
export const policyStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
