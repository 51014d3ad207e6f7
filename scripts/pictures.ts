/**
 * `npm run pictures`: makes docs/pictures from what kt shows in a real terminal, on a Kafka of its own. Needs dist/kt, tmux, and what `kt local up`
 * needs. Times, ids and rates differ from run to run; all else is the same.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStage, type Stage } from './pictures/cluster.ts';
import { type Scene, scenes } from './pictures/scenes.ts';
import { svgOf } from './pictures/svg.ts';
import { openTerminal } from './pictures/terminal.ts';

const folder = join(import.meta.dirname, '../docs/pictures');

/** Plays a scene, and keeps how its screen looks in the end. */
async function picture(scene: Scene, stage: Stage): Promise<void> {
  const terminal = openTerminal(scene, stage.folder, stage.env);
  try {
    await scene.play(terminal);
    const file = join(folder, `${scene.name}.svg`);
    writeFileSync(file, svgOf(terminal.screen(), scene));
    console.log(file);
  } finally {
    terminal.close();
  }
}

mkdirSync(folder, { recursive: true });
const stage = openStage();
try {
  for (const scene of scenes) {
    scene.prepare?.(stage);
    await picture(scene, stage);
  }
} finally {
  await stage.close();
}
