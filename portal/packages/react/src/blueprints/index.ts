export { HomeCardBlueprint } from './HomeCardBlueprint';
