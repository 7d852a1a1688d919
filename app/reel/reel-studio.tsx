import { memo, useCallback, useMemo, useState } from 'react';

import { layOut } from '../../smile/reel/layout';
import { FORMATS } from '../../smile/reel/reel';
import { measureOn, sizesOf } from './canvas-pen';
import { ExportPanel } from './export-panel';
import { NoCopy } from './no-copy';
import { ReelOptions } from './reel-options';
import { ReelPreview } from './reel-preview';
import { firstSettings, reelOf, type ReelSource, type Settings } from './settings';
import { TakeAways } from './take-aways';
import { usePlayer } from './use-player';

/* While the reel plays only the preview has something new to show. */
const Options = memo(ReelOptions);
const Export = memo(ExportPanel);

/**
 * Arranges a reel of two pictures that are in memory, shows it and exports it. In the browser alone: where the pictures
 * come from is the page's matter, so a genuine pair handed over by another page is arranged the same way. `note` says what
 * the picture after is.
 */
export function ReelStudio({ source, note }: { source: ReelSource; note: string }) {
	const [settings, setSettings] = useState(() => firstSettings(source));
	const change = useCallback((part: Partial<Settings>) => setSettings((now) => ({ ...now, ...part })), []);
	const { pictures } = source;
	const stage = useMemo(() => {
		const reel = reelOf(settings, source);
		const layout = layOut(reel, FORMATS[settings.format], sizesOf(pictures), measureHere());
		return { reel, layout };
	}, [settings, source, pictures]);
	const player = usePlayer(stage.reel);
	return (
		<div className="reel-cols">
			<div className="reel-main">
				<ReelPreview stage={stage} pictures={pictures} player={player} />
				<p className="small muted">{note}</p>
				{source.refusal === null ? (
					<>
						<Export reel={stage.reel} pictures={pictures} format={settings.format} keep={source.keep} />
						<TakeAways source={source} stage={stage} frame={player.frame} hasBefore />
					</>
				) : (
					<NoCopy rule={source.refusal} />
				)}
			</div>
			<Options settings={settings} reel={stage.reel} hasLogo={pictures.logo !== null} onChange={change} />
		</div>
	);
}

/** Words are as wide here as on the canvas they are drawn on. */
function measureHere() {
	const context = new OffscreenCanvas(1, 1).getContext('2d');
	if (context === null) throw new Error('This browser gives no canvas.');
	return measureOn(context);
}
