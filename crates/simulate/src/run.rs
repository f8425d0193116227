//! One seed from beginning to end.

use anyhow::Result;

use crate::{
    actions, events,
    laptop::Templates,
    planted::Planted,
    promises,
    world::{Finding, World},
};

/// Where seeds are run: workspaces that are made once.
pub struct Bench(Templates);

/// How seeds are run.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The bug that is planted.
    pub planted: Option<Planted>,
    /// So many things happen between two rests.
    pub acts: usize,
    /// So many steps are told of a seed that failed.
    pub told: usize,
}

/// What became of a seed.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How many things happened.
    pub steps: u64,
    /// The promise that did not hold.
    pub finding: Option<Finding>,
    /// The last things that happened.
    pub history: Vec<String>,
}

impl Bench {
    /// Makes what every seed begins with.
    ///
    /// # Errors
    /// When there is no place for it.
    pub fn new() -> Result<Self> {
        Templates::make().map(Self)
    }

    /// Runs a seed: so many times a storm and a rest.
    ///
    /// # Errors
    /// When the simulation itself cannot go on.
    pub fn run(&self, seed: u64, order: Order) -> Result<Ran> {
        let Order { planted, acts, told } = order;
        let mut world = World::new(seed, planted, &self.0)?;
        world.told = told;
        for _ in 0..2 {
            for _ in 0..acts {
                step(&mut world)?;
                if world.finding.is_some() {
                    break;
                }
            }
            if world.finding.is_none() {
                promises::rest(&mut world)?;
            }
            if world.finding.is_none() {
                promises::numbers_are_final(&mut world);
            }
            if world.finding.is_some() {
                break;
            }
        }
        Ok(Ran { steps: world.steps, history: world.history(), finding: world.finding })
    }
}

fn step(world: &mut World<'_>) -> Result<()> {
    let laptop = world.rng.usize(..world.laptops.len());
    match world.rng.u8(..100) {
        0..55 => actions::act(world, laptop),
        55..80 => events::round(world, laptop),
        _ => events::happens(world, None),
    }
}
