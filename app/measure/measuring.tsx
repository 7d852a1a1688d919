import banner from 'vanilla-cookieconsent/dist/cookieconsent.umd.js?url';

import { useNonce } from '../nonce';
import bannerStyles from '../styles/consent.css?url';
import { AskForm } from './ask-form';
import { askWords } from './ask-words';
import { usePlan } from './plan-context';

/**
 * What a measured page carries at its end: what runs, and the question where one is asked. On every other page, and where nothing is
 * switched on, it is empty and nothing is loaded.
 */
export function Measuring() {
	const { run, asks } = usePlan();
	const nonce = useNonce();
	return (
		<>
			{Object.keys(run).length > 0 && <script src="/measure.js" defer nonce={nonce} data-run={JSON.stringify(run)} />}
			{run.umami !== undefined && (
				<script
					src={`${run.umami.base}/script.js`}
					defer
					nonce={nonce}
					data-website-id={run.umami.websiteId}
					data-host-url={run.umami.base}
					data-exclude-search="true"
					data-exclude-hash="true"
				/>
			)}
			{asks.length > 0 && (
				<>
					<link rel="stylesheet" href={bannerStyles} />
					<script src={banner} defer nonce={nonce} />
					<script
						src="/ask.js"
						defer
						nonce={nonce}
						data-words={JSON.stringify(askWords(asks))}
						data-purposes={purposesOf(asks).join(' ')}
					/>
					<noscript>
						<AskForm asks={asks} />
					</noscript>
				</>
			)}
		</>
	);
}

export function purposesOf(asks: ReturnType<typeof usePlan>['asks']): string[] {
	return [...new Set(asks.map(({ purpose }) => purpose))];
}
