//! Recipes as the catalog keeps them: text that it does not read, under the name of its content.

use model::ContentHash;
use sqlx::SqliteConnection;

use crate::CatalogError;

/// A recipe: how a frame is developed. Only the developing room reads its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecipe {
    /// SHA-256 that names it: equal recipes have equal names.
    pub hash: ContentHash,
    /// JSON.
    pub json: String,
}

/// Keeps the recipe unless it is here. Returns its name as the tables hold it.
pub(crate) async fn keep(tx: &mut SqliteConnection, recipe: &StoredRecipe) -> Result<Vec<u8>, CatalogError> {
    let hash = recipe.hash.0.to_vec();
    sqlx::query!("INSERT INTO recipe (hash, json) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", hash, recipe.json)
        .execute(tx)
        .await?;
    Ok(hash)
}

/// [`keep`], where there is one.
pub(crate) async fn keep_some(
    tx: &mut SqliteConnection,
    recipe: Option<&StoredRecipe>,
) -> Result<Option<Vec<u8>>, CatalogError> {
    match recipe {
        Some(recipe) => Ok(Some(keep(tx, recipe).await?)),
        None => Ok(None),
    }
}

/// The recipe of a row that was joined with its text.
pub(crate) fn stored(hash: &[u8], json: String) -> Result<StoredRecipe, CatalogError> {
    Ok(StoredRecipe { hash: ContentHash::from_slice(hash).map_err(CatalogError::corrupt)?, json })
}

/// Drops recipes that nothing names: what sliders left on their way.
pub(crate) async fn sweep(tx: &mut SqliteConnection) -> Result<(), CatalogError> {
    sqlx::query!(
        "DELETE FROM recipe WHERE hash NOT IN (
             SELECT recipe FROM event WHERE recipe IS NOT NULL UNION SELECT recipe FROM creator WHERE recipe IS NOT NULL
             UNION SELECT recipe FROM frame WHERE recipe IS NOT NULL UNION SELECT recipe FROM preset
             UNION SELECT tried FROM development WHERE tried IS NOT NULL
             UNION SELECT recipe FROM development WHERE recipe IS NOT NULL)"
    )
    .execute(tx)
    .await?;
    Ok(())
}
