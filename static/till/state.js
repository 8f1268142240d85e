// What the till knows now. Screens read it; flows change it and paint again.

export const state = {
  token: null,
  device: null,
  node: null,
  operator: null,
  catalogue: null,
  point: null,
  category: "",
  basket: [],
  lastSale: null,
  cleared: null,
  isTraining: false,
  isOrderOpen: false,
  notice: "",
  clockOff: 0,
};

export const may = (right) => Boolean(state.operator?.rights?.includes(right));
