import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A small sound programme folder: two neighbourhoods, both sides, one round before and one after. */
export const SOUND: Readonly<Record<string, string>> = {
  'mission.csv': 'mission,name,country,time_zone,languages\nPE,Lima office,PE,America/Lima,es en\n',
  'interventions.csv':
    'intervention,mission,title,kind,modality,starts_on,ends_on,aim,design,assignment_unit\nfutbol-1,PE,Football on the hill,celebrate-and-play,in-person,2025-03-01,2025-06-30,Play in mixed teams,individually-randomised,person\n',
  'participants.csv': 'participant,intervention,side,arm\nP1,futbol-1,host,treatment\nP2,futbol-1,migrant,treatment\nP3,futbol-1,host,comparison\n',
  'activities.csv':
    'activity,intervention,title,starts_at,ends_at,place,status,reason,equal_status\nA1,futbol-1,Match,2025-03-08T10:00:00-05:00,2025-03-08T12:00:00-05:00,Loma pitch,held,,4\nA2,futbol-1,Match,2025-03-15T10:00:00-05:00,2025-03-15T12:00:00-05:00,Loma pitch,did-not-happen,weather,\n',
  'attendance.csv': 'activity,participant,status,group\nA1,P1,present,red\nA1,P2,present,red\n',
  'instrument.csv': 'instrument,item,text,scale,minimum,maximum,higher_is,primary\nties,friends,I have friends from the other side,agreement 1-5,1,5,better,yes\n',
  'rounds.csv': 'round,intervention,instrument,wave,level,population,opens_on,closes_on\nbefore,futbol-1,ties,baseline,individual,participants and comparison,2025-02-20,2025-03-07\nafter,futbol-1,ties,post,individual,participants and comparison,2025-07-01,2025-07-15\n',
  'responses.csv': 'round,participant,item,value\nbefore,P1,friends,2\nbefore,P2,friends,3\nafter,P1,friends,4\n',
};

export const writeFolder = async (folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
};
