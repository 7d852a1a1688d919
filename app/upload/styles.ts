import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './upload.css?url';

/** The sheet of choosing, taking and judging a photo. */
export const uploadStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
