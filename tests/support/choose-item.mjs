/** Sets the item that a virtual user goes for: they take turns. */
export function chooseItem({ vars }, _events, done) {
  vars.item = vars.$inventories[(vars.$vu - 1) % vars.$inventories.length];
  done();
}
